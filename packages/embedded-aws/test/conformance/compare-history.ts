import { isDeepStrictEqual } from "node:util";
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { RecordedEvent } from "./asl-cases.ts";

const details = [
  "name",
  "input",
  "output",
  "error",
  "cause",
  "index",
  "length",
  "resource",
  "resourceType",
  "parameters",
  "timeoutInSeconds",
  "heartbeatInSeconds",
  "assignedVariables",
  "state",
  "location",
];

/** The first event whose details differ from the recorded ones, as text. @param same how two values compare */
export function firstDifference(
  events: readonly HistoryEvent[],
  recorded: readonly RecordedEvent[],
  same: (value: unknown, place: string) => unknown,
): string | undefined {
  for (const [at, { id, previousEventId, type, ...wanted }] of recorded.entries()) {
    const got = events[at] ? told(events[at]) : {};
    const [one, other] = [same(got, `/history/${at}`), same(wanted, `/history/${at}`)];
    if (!isDeepStrictEqual(one, other)) {
      return `event ${id} (${type}) ${JSON.stringify(one)} instead of ${JSON.stringify(other)}`;
    }
  }
  return undefined;
}

/** An event's details as the recorder wrote them: in one level, with JSON texts parsed. */
function told(event: HistoryEvent): Record<string, unknown> {
  const entry = Object.entries(event).find(([key]) => key.endsWith("EventDetails"));
  const given = (entry?.[1] ?? {}) as Record<string, unknown>;
  const isState = /State(Entered|Exited)$/.test(event.type ?? "");
  const kept = details
    .filter((name) => given[name] !== undefined)
    .map((name) => [isState && name === "name" ? "stateName" : name, parsed(given[name])]);
  return Object.fromEntries(kept) as Record<string, unknown>;
}

function parsed(value: unknown): unknown {
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, parsed(part)]));
  }
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
