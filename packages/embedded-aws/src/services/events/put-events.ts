import type * as Sdk from "@aws-sdk/client-eventbridge";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { type BusEvent, forwardedEvent, toTheSecond } from "./event.ts";
import { accept } from "./publish-service-event.ts";
import { busPlace, findBus } from "./state.ts";

/** Limit for all entries together (PutEvents API reference: "less than 1MB"). */
const MOST_BYTES = 1024 * 1024;

export const operations = {
  PutEvents: {
    authorize: ({ Entries = [] }, call) =>
      Entries.map((entry) => {
        const place = busPlace(call.aws, call, entry.EventBusName);
        const policy = findBus(call.aws, place)?.policy;
        return {
          resources: [place.arn],
          context: { "events:source": entry.Source ?? "", "events:detail-type": entry.DetailType ?? "" },
          resourcePolicy: policy && JSON.stringify(policy),
          owner: place.account,
        };
      }),
    run({ Entries = [] }, call) {
      if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) >= MOST_BYTES) {
        throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
      }
      const results = Entries.map((entry) => putEntry(entry, call));
      return { Entries: results, FailedEntryCount: results.filter((result) => result.ErrorCode !== undefined).length };
    },
  },
} satisfies Operations<typeof Sdk>;

function putEntry(entry: Sdk.PutEventsRequestEntry, call: Call): Sdk.PutEventsResultEntry {
  const forwarded = forwardedEvent(entry);
  const event = forwarded ?? toEvent(entry, call);
  if ("ErrorCode" in event) return event;
  // AWS also answers with an event id for a bus that does not exist, and drops the event.
  const bus = findBus(call.aws, busPlace(call.aws, call, entry.EventBusName));
  if (bus) accept(call.aws, bus, event, forwarded !== undefined);
  return { EventId: event.id };
}

function toEvent(entry: Sdk.PutEventsRequestEntry, call: Call): BusEvent | { ErrorCode: string; ErrorMessage: string } {
  const { Source, DetailType, Detail } = entry;
  if (!Source) return missing("Source");
  if (Source.startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  }
  if (!DetailType) return missing("DetailType");
  if (!Detail) return missing("Detail");
  const detail = parseDetail(Detail);
  if (!detail) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  return {
    version: "0",
    id: call.aws.uuid(),
    "detail-type": DetailType,
    source: Source,
    account: call.account,
    time: toTheSecond(entry.Time?.getTime() ?? call.aws.clock.now()),
    region: call.region,
    resources: entry.Resources ?? [],
    detail,
  };
}

const missing = (name: string) => ({
  ErrorCode: "InvalidArgument",
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

/** Inferred: AWS documents no limit. This is the limit of the JSON library most common in Java services. */
const DEEPEST = 1_000;

function parseDetail(text: string): Record<string, unknown> | undefined {
  if (nestsDeeper(text, DEEPEST)) return undefined;
  try {
    const detail: unknown = JSON.parse(text);
    const isObject = typeof detail === "object" && detail !== null && !Array.isArray(detail);
    return isObject ? (detail as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** EventBridge user guide, "Calculating PutEvents event entry size". */
const sizeOf = (entry: Sdk.PutEventsRequestEntry): number =>
  (entry.Time ? 14 : 0) +
  [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])].reduce(
    (sum, text) => sum + Buffer.byteLength(text ?? ""),
    0,
  );

const [QUOTE, ESCAPE] = ['"'.charCodeAt(0), "\\".charCodeAt(0)];
const OPEN = new Set(["{", "["].map((one) => one.charCodeAt(0)));
const CLOSE = new Set(["}", "]"].map((one) => one.charCodeAt(0)));

/** Whether a JSON text nests deeper than `most`: recursive readers would exhaust the stack. */
function nestsDeeper(json: string, most: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) inText = !inText;
    else if (inText) at += code === ESCAPE ? 1 : 0;
    else if (OPEN.has(code) && ++depth > most) return true;
    else if (CLOSE.has(code)) depth--;
  }
  return false;
}
