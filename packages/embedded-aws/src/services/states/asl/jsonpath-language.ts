import { holds, type Reader } from "./choice-rules.ts";
import type { Ending } from "./definition.ts";
import type { Json, JsonObject } from "./json.ts";
import { parsePath, put } from "./jsonpath.ts";
import { concurrency, delay, seconds, tolerated } from "./read-numbers.ts";
import { filled, found, inTemplate, lookUp, narrowed, runtimeError } from "./read-paths.ts";
import type { QueryLanguage, Visit } from "./visit.ts";

/** States with paths: `InputPath`, `Parameters`, `ResultPath` and so on. */
export const jsonpath: QueryLanguage = {
  input: (visit) => narrowed(visit, visit.state.InputPath, visit.entry, {}),
  passed: (visit) => {
    const { Result, Parameters } = visit.state;
    return Result !== undefined ? Result : filled(visit, Parameters, visit.input);
  },
  parameters: (visit, at = {}) => filled(visit, visit.state.Parameters, visit.input, at),
  seconds,
  role: (visit) => {
    const { Credentials } = visit.state;
    if (Credentials === undefined) return undefined;
    const { RoleArn } = filled(visit, Credentials as JsonObject, visit.input) as JsonObject;
    return textOf(visit, "Credentials/RoleArn", RoleArn);
  },
  choose: (visit) => visit.state.Choices.find((rule) => holds(rule as unknown as JsonObject, readerOf(visit))),
  delay,
  failure: (visit, field) => {
    const { [field]: literal, [`${field}Path` as const]: path } = visit.state;
    if (path === undefined) return literal as string | undefined;
    return textOf(visit, `${field}Path`, inTemplate(visit, visit.input, {})(path, `${field}Path`));
  },
  items: (visit) => {
    const { ItemsPath = "$" } = visit.state;
    const value = found(visit, ItemsPath, visit.input);
    if (Array.isArray(value)) return value;
    throw runtimeError(visit, `Reference path "${ItemsPath}" must point to array.`);
  },
  concurrency,
  tolerated,
  itemInput: (visit, mapItem) => {
    const { ItemSelector, Parameters } = visit.state;
    const template = ItemSelector ?? Parameters;
    return template === undefined ? mapItem.Value : filled(visit, template, visit.input, { mapItem });
  },
  output: (visit, ending, result, at) => {
    const { Assign, OutputPath, ResultSelector } = ending;
    const selected = filled(visit, ResultSelector, result, at);
    return {
      assigned: Assign === undefined ? {} : (filled(visit, Assign, selected, at) as JsonObject),
      output: narrowed(visit, OutputPath, merged(visit, ending, selected), at),
    };
  },
};

function textOf(visit: Visit, field: string, value: Json | undefined): string {
  if (typeof value === "string") return value;
  throw runtimeError(visit, `The ${field} field must refer to a string but was: ${JSON.stringify(value)}`);
}

const readerOf = (visit: Visit): Reader => ({
  find: (text) => lookUp(visit, text, visit.input),
  read: (text) => {
    const value = lookUp(visit, text, visit.input);
    if (value !== undefined) return value;
    throw runtimeError(visit, `Invalid path '${text}': The choice state's condition path references an invalid value.`);
  },
});

/** `ResultPath`: puts the result in place of the state's input, at a path in it, or (null) drops it. */
function merged(visit: Visit, { ResultPath }: Ending, result: Json): Json {
  if (ResultPath === undefined) return result;
  if (ResultPath === null) return visit.entry;
  const value = put(visit.entry, parsePath(ResultPath).steps ?? [], result);
  if (value !== undefined) return value;
  const why = `Unable to apply ReferencePath ${ResultPath} to input ${JSON.stringify(visit.entry)}`;
  throw runtimeError(visit, why, "States.ResultPathMatchFailure");
}
