import { isDeepStrictEqual } from "node:util";
import type { Run } from "../states/workbench.ts";
import type { Case } from "./asl-cases.ts";

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
  if (expected.status === "SUCCEEDED") compare("output", comparable(run.output), comparable(expected.output));
  if (typeof expected.cause === "string") compare("cause", run.cause, expected.cause);
  if (expected.history && one.historyOrder === undefined)
    compare("history", links(run.history), links(expected.history));
  if (expected.history && one.historyOrder !== undefined)
    compare("history", types(run.history), types(expected.history));
  return differ;
}

const links = (events: readonly { id?: unknown; previousEventId?: unknown; type?: unknown }[]) =>
  events.map(({ id, previousEventId, type }) => `${id} after ${previousEventId} ${type}`);

/** Where the recorder sorted a Parallel's events it also left out the one that ends the Parallel; the ids show the gap. */
const types = (events: readonly { type?: unknown }[]) =>
  events
    .map(({ type }) => String(type))
    .filter((type) => type !== "ParallelStateFailed" && type !== "ParallelStateSucceeded")
    .sort();

/** Without what differs from run to run: HTTP metadata, and traces in a function's error. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "SdkHttpMetadata" && key !== "SdkResponseMetadata");
  return Object.fromEntries(kept.map(([key, part]) => [key, key === "Cause" ? errorOf(part) : comparable(part)]));
}

function errorOf(cause: unknown): unknown {
  if (typeof cause !== "string" || !cause.startsWith("{")) return cause;
  const { errorType, errorMessage } = JSON.parse(cause) as Record<string, unknown>;
  return { errorType, errorMessage };
}
