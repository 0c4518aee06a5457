import { type MapState, parseTimestamp, type TaskState, type WaitState } from "./definition.ts";
import type { Json } from "./json.ts";
import { found, lookUp, runtimeError } from "./read-paths.ts";
import type { Tolerance, Visit } from "./visit.ts";

/** Numbers, also as strings: by a recording, `MaxConcurrencyPath` accepts `"1"`. */
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

export function seconds(visit: Visit<TaskState>, field: "TimeoutSeconds" | "HeartbeatSeconds"): number | undefined {
  const { [field]: literal, [`${field}Path` as const]: path } = visit.state;
  if (path === undefined) return literal as number | undefined;
  const value = integerAt(visit, `${field}Path`, path);
  if (value > 0 && value <= 99_999_999) return value;
  throw runtimeError(visit, `The ${field}Path field must refer to a positive integer but was: ${value}`);
}

export function concurrency(visit: Visit<MapState>): number | undefined {
  const { MaxConcurrency, MaxConcurrencyPath: path } = visit.state;
  if (path === undefined) return MaxConcurrency as number | undefined;
  const value = integerAt(visit, "MaxConcurrencyPath", path);
  if (value >= 0) return value;
  throw runtimeError(visit, "MaxConcurrency cannot be negative.");
}

/** What a distributed Map tolerates. */
export function tolerated(visit: Visit<MapState>): Tolerance {
  const { ToleratedFailureCount, ToleratedFailureCountPath, ToleratedFailurePercentage } = visit.state;
  const { ToleratedFailurePercentagePath: path } = visit.state;
  const count =
    ToleratedFailureCountPath === undefined
      ? (ToleratedFailureCount as number | undefined)
      : integerAt(visit, "ToleratedFailureCountPath", ToleratedFailureCountPath);
  if (count !== undefined && count < 0) throw runtimeError(visit, "ToleratedFailureCount cannot be negative.");
  const percentage =
    path === undefined
      ? (ToleratedFailurePercentage as number | undefined)
      : Number(plain(found(visit, path, visit.input)));
  if (percentage === undefined || (percentage >= 0 && percentage <= 100)) return { count, percentage };
  if (!Number.isNaN(percentage)) throw runtimeError(visit, "ToleratedFailurePercentage must be between 0 and 100.");
  const shown = plain(found(visit, path!, visit.input));
  const field = "ToleratedFailurePercentagePath";
  throw runtimeError(visit, `The ${field} field refers to value "${shown}" which is not a valid float: ${path}`);
}

/** AWS's maximum delay of a Wait state, in milliseconds. */
const LONGEST = (2 ** 31 - 1) * 1_000;

/** A Wait state's delay, in milliseconds. */
export function delay(visit: Visit<WaitState>): number {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = visit.state;
  const seconds = SecondsPath === undefined ? (Seconds as number | undefined) : secondsAt(visit, SecondsPath);
  const until = TimestampPath === undefined ? parseTimestamp(String(Timestamp)) : timestampAt(visit, TimestampPath);
  const wait = seconds === undefined ? until! - visit.thread.run.aws.clock.now() : seconds * 1_000;
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
  const value = lookUp(visit, path, visit.input);
  if (value !== undefined) return value;
  throw runtimeError(visit, `The ${field} parameter does not reference an input value: ${path}`);
}

const plain = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));
