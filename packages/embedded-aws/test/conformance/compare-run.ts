import { isDeepStrictEqual } from "node:util";
import type { Run } from "../states/workbench.ts";
import type { Case } from "./asl-cases.ts";
import { firstDifference } from "./compare-history.ts";

/** Status, output, error, cause and the history's events with their links. */
export function disagreements(one: Case, run: Run): string[] {
  const { expected } = one;
  const differ: string[] = [];
  const compare = (what: string, got: unknown, wanted: unknown) => {
    if (!isDeepStrictEqual(got, wanted))
      differ.push(`${what} ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
  };
  compare("status", run.status, expected.status);
  compare("error", run.error, expected.error);
  const masked = (value: unknown, place: string): unknown => {
    const copy = structuredClone(value);
    for (const path of one.maskedPaths ?? []) {
      if (path.startsWith(`${place}/`)) blank(copy, path.slice(place.length + 1).split("/"));
    }
    return comparable(copy);
  };
  if (expected.status === "SUCCEEDED") {
    const [got, wanted] = [run.output, expected.output].map((output) => masked({ output }, ""));
    compare("output", got, wanted);
  }
  if (typeof expected.cause === "string" && !fits(run.cause ?? "", expected.cause)) {
    compare("cause", run.cause, expected.cause);
  }
  if (typeof expected.cause === "object") compare("cause", errorOf(run.cause), errorOf(JSON.stringify(expected.cause)));
  if (expected.history && one.historyOrder === undefined) {
    compare("history", links(run.history), links(expected.history));
    const difference = firstDifference(run.history, expected.history, masked);
    if (difference !== undefined) differ.push(difference);
  }
  if (expected.history && one.historyOrder !== undefined)
    compare("history", types(run.history), types(expected.history));
  return differ;
}

const links = (events: readonly { id?: unknown; previousEventId?: unknown; type?: unknown }[]) =>
  events.map(({ id, previousEventId, type }) => `${id} after ${previousEventId} ${type}`);

/** If the recorder sorted a Parallel's events, it also omitted the one that ends the Parallel; the ids show the gap. */
const types = (events: readonly { type?: unknown }[]) =>
  events
    .map(({ type }) => String(type))
    .filter((type) => type !== "ParallelStateFailed" && type !== "ParallelStateSucceeded")
    .sort();

/** Whether a text agrees with a recorded one, in which `<json-input:1>` and the like stand for values of the run. */
const fits = (got: string, recorded: string): boolean =>
  new RegExp(
    `^${recorded
      .split(/<[\w:-]+>/)
      .map((part) => part.replaceAll(/[^\w ]/g, "\\$&"))
      .join(".*")}$`,
    "s",
  ).test(got);

/** Makes the value at a JSON pointer the same in every run. */
function blank(value: unknown, [step, ...rest]: readonly string[]): void {
  if (step === undefined || typeof value !== "object" || value === null || !(step in value)) return;
  const part = value as Record<string, unknown>;
  if (rest.length > 0) blank(part[step], rest);
  else if (typeof part[step] !== "string" || !part[step].startsWith("{")) part[step] = "masked";
}

const ofTheRun = ["SdkHttpMetadata", "SdkResponseMetadata", "requestId", "stackTrace", "trace"];

/** Without what differs from run to run: HTTP metadata, and traces in a function's error. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !ofTheRun.includes(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, key === "Cause" ? errorOf(part) : comparable(part)]));
}

function errorOf(cause: unknown): unknown {
  if (typeof cause !== "string" || !cause.startsWith("{")) return cause;
  const { errorType, errorMessage } = JSON.parse(cause) as Record<string, unknown>;
  return { errorType, errorMessage };
}
