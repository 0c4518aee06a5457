import { holds, type Reader } from "./choice-rules.ts";
import { contextObject } from "./context-object.ts";
import { type Ending, type MapState, parseTimestamp, type TaskState, type WaitState } from "./definition.ts";
import type { Json, JsonObject } from "./json.ts";
import { canonical, type Path, parsePath, put, select } from "./jsonpath.ts";
import { fillTemplate } from "./payload-template.ts";
import { StateError } from "./state-error.ts";
import type { Moment, QueryLanguage, Visit } from "./visit.ts";

/** States whose fields hold paths: `InputPath`, `Parameters`, `ResultPath` and so on. */
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
    return Credentials && ((filled(visit, Credentials as JsonObject, visit.input) as JsonObject).RoleArn as string);
  },
  choose: (visit) => visit.state.Choices.find((rule) => holds(rule as unknown as JsonObject, readerOf(visit))),
  delay,
  failure: (visit, field) => {
    const { [field]: literal, [`${field}Path` as const]: path } = visit.state;
    if (path === undefined) return literal as string | undefined;
    return String(inTemplate(visit, visit.input, {})(path, `${field}Path`));
  },
  items: (visit) => {
    const { ItemsPath = "$" } = visit.state;
    const value = found(visit, ItemsPath, visit.input);
    if (Array.isArray(value)) return value;
    throw runtimeError(visit, `Reference path "${ItemsPath}" must point to array.`);
  },
  concurrency,
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

/** A failure of the language itself; no catcher of States.ALL stops it. */
function runtimeError({ name, entered }: Visit, why: string, error = "States.Runtime"): StateError {
  return new StateError(
    error,
    `An error occurred while executing the state '${name}' (entered at the event id #${entered}). ${why}`,
  );
}

/** What a path finds; undefined where it finds nothing. */
function lookUp(visit: Visit, path: Path, input: Json, at: Moment = {}): Json | undefined {
  if (path.root === "input") return select(path, input);
  if (path.root === "context") return select(path, contextObject(visit, at));
  const value = visit.thread.variables.all()[path.root.variable];
  return value === undefined ? undefined : select(path, value);
}

function found(visit: Visit, text: string, input: Json, at: Moment = {}): Json {
  const path = parsePath(text);
  const value = lookUp(visit, path, input, at);
  if (value !== undefined) return value;
  throw runtimeError(visit, `Invalid path '${text}' : No results for path: ${canonical(path.steps ?? [])}`);
}

/** `InputPath` and `OutputPath`: null leaves nothing. */
function narrowed(visit: Visit, path: string | null | undefined, value: Json, at: Moment): Json {
  if (path === null) return {};
  return path === undefined ? value : found(visit, path, value, at);
}

/** A payload template over `input`; the input itself where there is no template. */
function filled(visit: Visit, template: Json | undefined, input: Json, at: Moment = {}): Json {
  return template === undefined ? input : fillTemplate(template, inTemplate(visit, input, at));
}

const inTemplate =
  (visit: Visit, input: Json, at: Moment) =>
  (text: string, field: string): Json => {
    const value = lookUp(visit, parsePath(text), input, at);
    if (value !== undefined) return value;
    const why = `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(input)}'`;
    throw runtimeError(visit, why);
  };

const readerOf = (visit: Visit): Reader => ({
  find: (text) => lookUp(visit, parsePath(text), visit.input),
  read: (text) => {
    const value = lookUp(visit, parsePath(text), visit.input);
    if (value !== undefined) return value;
    throw runtimeError(visit, `Invalid path '${text}': The choice state's condition path references an invalid value.`);
  },
});

/** `ResultPath`: the result in place of what the state was entered with, at a place in it, or (null) nowhere. */
function merged(visit: Visit, { ResultPath }: Ending, result: Json): Json {
  if (ResultPath === undefined) return result;
  if (ResultPath === null) return visit.entry;
  const value = put(visit.entry, parsePath(ResultPath).steps ?? [], result);
  if (value !== undefined) return value;
  const why = `Unable to apply ReferencePath ${ResultPath} to input ${JSON.stringify(visit.entry)}`;
  throw runtimeError(visit, why, "States.ResultPathMatchFailure");
}

/** Numbers, and the same as text: `MaxConcurrencyPath` was recorded to take `"1"`. */
function integerOf(value: Json): number | undefined {
  const text = String(value);
  return typeof value !== "object" && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

function integerAt(visit: Visit, field: string, path: string): number {
  const value = found(visit, path, visit.input);
  const integer = integerOf(value);
  if (integer !== undefined) return integer;
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  throw runtimeError(visit, `The ${field} field refers to value "${shown}" which is not a valid integer: ${path}`);
}

function seconds(visit: Visit<TaskState>, field: "TimeoutSeconds" | "HeartbeatSeconds"): number | undefined {
  const { [field]: literal, [`${field}Path` as const]: path } = visit.state;
  if (path === undefined) return literal as number | undefined;
  const value = integerAt(visit, `${field}Path`, path);
  if (value > 0 && value <= 99_999_999) return value;
  throw runtimeError(visit, `The ${field}Path field must refer to a positive integer but was: ${value}`);
}

function concurrency(visit: Visit<MapState>): number | undefined {
  const { MaxConcurrency, MaxConcurrencyPath: path } = visit.state;
  if (path === undefined) return MaxConcurrency as number | undefined;
  const value = integerAt(visit, "MaxConcurrencyPath", path);
  if (value >= 0) return value;
  throw runtimeError(visit, "MaxConcurrency cannot be negative.");
}

/** AWS's longest delay of a Wait state, in milliseconds. */
const LONGEST = (2 ** 31 - 1) * 1_000;

function delay(visit: Visit<WaitState>): number {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = visit.state;
  const { now } = { now: visit.thread.run.aws.clock.now() };
  const wait =
    Seconds !== undefined
      ? (Seconds as number) * 1_000
      : SecondsPath !== undefined
        ? secondsAt(visit, SecondsPath) * 1_000
        : (TimestampPath === undefined ? parseTimestamp(String(Timestamp))! : timestampAt(visit, TimestampPath)) - now;
  if (wait > LONGEST) throw runtimeError(visit, "Wait state delay is too long.");
  return Math.max(0, wait);
}

function secondsAt(visit: Visit<WaitState>, path: string): number {
  const value = ofWait(visit, "SecondsPath", path);
  const integer = integerOf(value);
  if (integer === undefined) {
    const why = `The SecondsPath parameter cannot be parsed as a long value: ${path} == ${plain(value)}`;
    throw runtimeError(visit, why);
  }
  if (integer >= 0) return integer;
  throw runtimeError(visit, `The SecondsPath parameter references a negative value: ${path} == ${integer}`);
}

function timestampAt(visit: Visit<WaitState>, path: string): number {
  const value = ofWait(visit, "TimestampPath", path);
  const time = typeof value === "string" ? parseTimestamp(value) : undefined;
  if (time !== undefined) return time;
  const what = "a valid ISO-8601 extended offset date-time format string";
  throw runtimeError(visit, `The TimestampPath parameter does not reference ${what}: ${path} == ${plain(value)}`);
}

function ofWait(visit: Visit<WaitState>, field: string, path: string): Json {
  const value = lookUp(visit, parsePath(path), visit.input);
  if (value !== undefined) return value;
  throw runtimeError(visit, `The ${field} parameter does not reference an input value: ${path}`);
}

const plain = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));
