import { contextObject } from "./evaluate.ts";
import { type IntrinsicCall, isIntrinsic, parseIntrinsic } from "./intrinsic-call.ts";
import { intrinsicFunctions } from "./intrinsic-functions.ts";
import { isObject, type Json } from "./json.ts";
import { canonical, type Path, parsePath, select } from "./jsonpath.ts";
import { worldOf } from "./service-functions.ts";
import { StateError } from "./state-error.ts";
import type { Moment, Visit } from "./visit.ts";

/** A failure of the language itself, which a catcher for States.ALL does not catch. */
export function runtimeError({ name, entered }: Visit, why: string, error = "States.Runtime"): StateError {
  return new StateError(
    error,
    `An error occurred while executing the state '${name}' (entered at the event id #${entered}). ${why}`,
  );
}

/** A path's value; undefined if it finds nothing. */
export function lookUp(visit: Visit, text: string, input: Json, at: Moment = {}): Json | undefined {
  const path = parsePath(text);
  const root = rootOf(visit, path, input, at);
  try {
    return root === undefined ? undefined : select(path, root);
  } catch (problem) {
    throw runtimeError(visit, `Invalid path '${text}' : ${(problem as Error).message}`);
  }
}

function rootOf(visit: Visit, { root }: Path, input: Json, at: Moment): Json | undefined {
  if (root === "input") return input;
  if (root === "context") return contextObject(visit, at);
  const variables = visit.thread.variables.all();
  return Object.hasOwn(variables, root.variable) ? variables[root.variable] : undefined;
}

/** Like `lookUp`, for a field that requires a value. */
export function found(visit: Visit, text: string, input: Json, at: Moment = {}): Json {
  const value = lookUp(visit, text, input, at);
  if (value !== undefined) return value;
  const path = canonical(parsePath(text).steps ?? []);
  throw runtimeError(visit, `Invalid path '${text}' : No results for path: ${path}`);
}

/** `InputPath` and `OutputPath`: null gives an empty object. */
export function narrowed(visit: Visit, path: string | null | undefined, value: Json, at: Moment): Json {
  if (path === null) return {};
  return path === undefined ? value : found(visit, path, value, at);
}

/** A payload template filled from `input`; without a template the input itself. */
export function filled(visit: Visit, template: Json | undefined, input: Json, at: Moment = {}): Json {
  return template === undefined ? input : fillTemplate(template, inTemplate(visit, input, at));
}

/** A path's value, or that of an intrinsic function. */
export const inTemplate =
  (visit: Visit, input: Json, at: Moment) =>
  (text: string, field: string): Json => {
    if (isIntrinsic(text)) return called(visit, parseIntrinsic(text), text, input, at);
    const value = lookUp(visit, text, input, at);
    if (value !== undefined) return value;
    const why = `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(input)}'`;
    throw runtimeError(visit, why);
  };

/** @param text the field's whole call, which AWS's messages name also for calls in it */
function called(visit: Visit, { name, given }: IntrinsicCall, text: string, input: Json, at: Moment): Json {
  const failure = (why: string, error?: string) =>
    runtimeError(visit, `The function '${text}' had the following error: ${why}`, error);
  const values = given.map((one) => {
    if ("literal" in one) return one.literal;
    if ("name" in one) return called(visit, one, text, input, at);
    const value = lookUp(visit, one.path, input, at);
    if (value !== undefined) return value;
    const shown = JSON.stringify(input);
    throw failure(`The JsonPath argument for the field '${one.path}' could not be found in the input '${shown}'`);
  });
  const { run } = visit.thread;
  try {
    return intrinsicFunctions[name]!.run(values, { dice: worldOf(run).dice, uuid: () => run.aws.uuid() });
  } catch (problem) {
    throw failure(`Invalid arguments in States.${name}: ${(problem as Error).message}`, "States.IntrinsicFailure");
  }
}

/** A field of a payload template whose name ends in `.$`: its value is a path. */
export const isPathField = (field: string): boolean => field.endsWith(".$");

/**
 * `Parameters`, `ResultSelector`, `ItemSelector` and `Assign`: the template with every `name.$` replaced by `name` and
 * its path's value. Everything else is unchanged.
 */
function fillTemplate(template: Json, read: (path: string, field: string) => Json): Json {
  if (Array.isArray(template)) return template.map((part: Json) => fillTemplate(part, read));
  if (!isObject(template)) return template;
  const entries = Object.entries(template).map(([field, part]) =>
    isPathField(field) ? [field.slice(0, -2), read(part as string, field)] : [field, fillTemplate(part, read)],
  );
  return Object.fromEntries(entries) as Json;
}
