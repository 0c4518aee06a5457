import { type MapState, parseTimestamp, type TaskState, type WaitState } from "./definition.ts";
import { evaluate, evaluateAs, evaluationError } from "./evaluate.ts";
import type { Json, JsonObject } from "./json.ts";
import type { QueryLanguage, Tolerance, Visit } from "./visit.ts";

/** States whose fields contain `{% … %}`. */
export const jsonata: QueryLanguage = {
  input: ({ input }) => input,
  passed: ({ input }) => input,
  parameters: (visit, at) => {
    const { Arguments } = visit.state;
    return Arguments === undefined ? visit.input : evaluate(visit, "Arguments", Arguments, at);
  },
  seconds,
  role: (visit) => {
    const { Credentials } = visit.state;
    return Credentials && (evaluateAs(visit, "Credentials/RoleArn", Credentials.RoleArn ?? null, "string") as string);
  },
  choose: (visit) =>
    visit.state.Choices.find(({ Condition = null }, index) =>
      evaluateAs(visit, `Choices[${index}]/Condition`, Condition, "boolean"),
    ),
  delay,
  failure: (visit, field) => {
    const template = visit.state[field];
    return template === undefined ? undefined : (evaluateAs(visit, field, template, "string") as string);
  },
  items: (visit) => {
    const { Items } = visit.state;
    if (Items !== undefined) return evaluateAs(visit, "Items", Items, "array") as readonly Json[];
    if (Array.isArray(visit.input)) return visit.input;
    throw evaluationError(visit, `Map state input must be an array but was: ${JSON.stringify(visit.input)}`);
  },
  concurrency,
  tolerated,
  itemInput: (visit, mapItem) => {
    const { ItemSelector } = visit.state;
    return ItemSelector === undefined ? mapItem.Value : evaluate(visit, "ItemSelector", ItemSelector, { mapItem });
  },
  /** Assign and Output both see the variables as they were when the state was entered. */
  output: (visit, { Assign, Output }, result, at) => {
    const assigned = Assign === undefined ? {} : (evaluate(visit, "Assign", Assign, at) as JsonObject);
    return { assigned, output: Output === undefined ? result : evaluate(visit, "Output", Output, at) };
  },
};

function seconds(visit: Visit<TaskState>, field: "TimeoutSeconds" | "HeartbeatSeconds"): number | undefined {
  const template = visit.state[field];
  if (template === undefined) return undefined;
  const value = evaluateAs(visit, field, template, "number") as number;
  if (Number.isInteger(value) && value > 0 && value <= 99_999_999) return value;
  throw evaluationError(visit, `The ${field} field must be a positive integer but was: ${value}`, field);
}

/** A time in the past means no wait. */
function delay(visit: Visit<WaitState>): number {
  const { Seconds, Timestamp } = visit.state;
  if (Seconds !== undefined) {
    const value = evaluateAs(visit, "Seconds", Seconds, "number") as number;
    if (Number.isInteger(value) && value >= 0 && value <= 99_999_999) return value * 1_000;
    const why = `The Seconds field must be an integer from 0 to 99999999 but was: ${value}`;
    throw evaluationError(visit, why, "Seconds", visit.entered);
  }
  const text = evaluateAs(visit, "Timestamp", Timestamp ?? "", "string") as string;
  const until = parseTimestamp(text);
  if (until === undefined) {
    const why = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
    throw evaluationError(visit, why, "Timestamp", visit.entered);
  }
  return Math.max(0, until - visit.thread.run.aws.clock.now());
}

function concurrency(visit: Visit<MapState>): number | undefined {
  const { MaxConcurrency } = visit.state;
  if (MaxConcurrency === undefined) return undefined;
  const value = evaluateAs(visit, "MaxConcurrency", MaxConcurrency, "number") as number;
  if (Number.isInteger(value) && value >= 0) return value;
  const why = `The MaxConcurrency field must be a non-negative integer but was: ${value}`;
  throw evaluationError(visit, why, "MaxConcurrency");
}

function tolerated(visit: Visit<MapState>): Tolerance {
  const read = (field: "ToleratedFailureCount" | "ToleratedFailurePercentage", most: number): number | undefined => {
    const template = visit.state[field];
    if (template === undefined) return undefined;
    const value = evaluateAs(visit, field, template, "number") as number;
    if (value >= 0 && value <= most) return value;
    throw evaluationError(visit, `The ${field} field must be a number from 0 to ${most} but was: ${value}`, field);
  };
  const count = read("ToleratedFailureCount", Number.MAX_SAFE_INTEGER);
  return { count, percentage: read("ToleratedFailurePercentage", 100) };
}
