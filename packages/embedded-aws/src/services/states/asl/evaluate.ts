import { expressionOf, isExpression } from "./definition.ts";
import { isObject, type Json, type JsonObject, toJson, UnsupportedResult } from "./json.ts";
import { evaluateJsonata } from "./jsonata-engine.ts";
import { serviceFunctions, worldOf } from "./service-functions.ts";
import { StateError } from "./state-error.ts";
import type { Moment, Visit } from "./visit.ts";

/** A field's value with its JSONata expressions evaluated; throws States.QueryEvaluationError. */
export function evaluate(visit: Visit, field: string, template: Json, at: Moment = {}): Json {
  if (typeof template === "string") {
    return isExpression(template) ? evaluateExpression(visit, field, expressionOf(template), at) : template;
  }
  if (Array.isArray(template)) {
    return template.map((part: Json, index) => evaluate(visit, `${field}[${index}]`, part, at));
  }
  if (!isObject(template)) return template;
  const entries = Object.entries(template);
  return Object.fromEntries(entries.map(([key, part]) => [key, evaluate(visit, `${field}/${key}`, part, at)]));
}

/** Like `evaluate`, for a field that requires one type of value. */
export function evaluateAs(
  visit: Visit,
  field: string,
  template: Json,
  type: "array" | "boolean" | "number" | "string",
  at: Moment = {},
): Json {
  const value = evaluate(visit, field, template, at);
  if (typeOf(value) === type) return value;
  const shown = typeof template === "string" && isExpression(template) ? expressionOf(template) : "";
  throw evaluationError(
    visit,
    `The JSONata expression '${shown}' specified for the field '${field}' returned an unexpected result type. ` +
      `Expected '${type}', but was '${typeOf(value)}' for value: ${JSON.stringify(value)}`,
    field,
  );
}

/**
 * Records EvaluationFailed and answers the error to throw. In AWS's histories it follows the event before StateEntered,
 * unless the field was evaluated and its value is invalid.
 */
export function evaluationError(visit: Visit, why: string, location?: string, previous?: number): StateError {
  const { thread, name, entered, before } = visit;
  const cause = `An error occurred while executing the state '${name}' (entered at the event id #${entered}). ${why}`;
  const error = "States.QueryEvaluationError";
  thread.record(
    "EvaluationFailed",
    { evaluationFailedEventDetails: { error, cause, state: name, ...(location === undefined ? {} : { location }) } },
    previous ?? (thread.last === entered ? before : thread.last),
  );
  return new StateError(error, cause);
}

function evaluateExpression(visit: Visit, field: string, text: string, at: Moment): Json {
  const $states = {
    input: visit.input,
    context: contextObject(visit, at),
    ...(at.result === undefined ? {} : { result: at.result }),
    ...(at.errorOutput === undefined ? {} : { errorOutput: at.errorOutput }),
  };
  const bindings = { ...serviceFunctions(visit.thread.run), ...visit.thread.variables.all(), states: $states };
  const about = `The JSONata expression '${text}' specified for the field '${field}'`;
  let value: unknown;
  try {
    value = evaluateJsonata(text, bindings, worldOf(visit.thread.run));
    if (value !== undefined) return toJson(value);
  } catch (problem) {
    const why =
      problem instanceof UnsupportedResult
        ? "returned an unsupported result type."
        : `threw an error during evaluation. ${describe(problem)}`;
    throw evaluationError(visit, `${about} ${why}`, field);
  }
  throw evaluationError(visit, `${about} returned nothing (undefined).`, field);
}

/** JSONata's errors are plain objects with a code; the guards' are RangeErrors and similar. */
function describe(problem: unknown): string {
  const { code, message } = problem as { code?: unknown; message?: unknown };
  return typeof code === "string" ? `${code}: ${String(message)}` : String(message ?? problem);
}

const typeOf = (value: Json): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : (typeof value as string);

/** Only states that can be retried have a retry count. */
const retries: readonly string[] = ["Task", "Parallel", "Map"];

/**
 * `$states.context`, in JSONPath `$$`: the execution's current position (Developer Guide, "Accessing execution data").
 */
export function contextObject(visit: Visit, { taskToken, mapItem }: Moment): JsonObject {
  const { machine, execution } = visit.thread.run;
  const item = mapItem ?? visit.thread.mapItem;
  return {
    Execution: {
      Id: execution.arn,
      Input: JSON.parse(execution.input) as Json,
      Name: execution.name,
      RoleArn: machine.roleArn,
      StartTime: execution.startDate.toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
    State: {
      Name: visit.name,
      EnteredTime: visit.enteredTime,
      ...(retries.includes(visit.state.Type) && { RetryCount: visit.retryCount }),
    },
    ...(taskToken === undefined ? {} : { Task: { Token: taskToken } }),
    ...(item === undefined ? {} : { Map: { Item: { Index: item.Index, Value: item.Value } } }),
  };
}
