import type * as Sdk from "@aws-sdk/client-cloudwatch-logs";
import type { Operations } from "../../engine/operation.ts";
import { appendEvent, EVENT_BYTES, expiredBefore } from "./keep-events.ts";
import { invalid, onGroup, requireGroup, requireStream } from "./log-group.ts";
import type { LogGroup } from "./state.ts";

/** Limits of a batch (API reference, `PutLogEvents`). */
const BATCH_BYTES = 1_048_576;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OLDEST_MS = 14 * DAY_MS;
const NEWEST_MS = 2 * HOUR_MS;

interface Incoming {
  readonly timestamp: number;
  readonly message: string;
}

export const operations = {
  /** Events that are too old or too new are rejected and reported; sequence tokens are ignored, as since 2023. */
  PutLogEvents: {
    authorize: ({ logGroupName = "", logStreamName }, call) => [onGroup(call, logGroupName, logStreamName)],
    run({ logGroupName = "", logStreamName = "", logEvents = [] }, { aws, ...call }) {
      const events = logEvents as readonly Incoming[];
      checkBatch(events);
      const group = requireGroup({ aws, ...call }, logGroupName);
      const stream = requireStream(group, logStreamName);
      const { accepted, rejected } = sortOut(group, events, aws.clock.now());
      const [first, last] = [accepted[0], accepted.at(-1)];
      if (first && last && last.timestamp - first.timestamp > DAY_MS) {
        throw invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
      }
      for (const { message, timestamp } of accepted) appendEvent(aws, group, stream, message, timestamp);
      return {
        nextSequenceToken: String(stream.events.length + 1).padStart(56, "4"),
        ...(rejected && { rejectedLogEventsInfo: rejected }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** @throws InvalidParameterException */
function checkBatch(events: readonly Incoming[]): void {
  if (events.some(({ timestamp }, n) => n > 0 && timestamp < (events[n - 1]?.timestamp ?? 0))) {
    throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
  }
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_BYTES, 0);
  if (bytes > BATCH_BYTES) throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${BATCH_BYTES}`);
}

/** The accepted events, and the number rejected at each end, since events are in order of time. */
function sortOut(group: LogGroup, events: readonly Incoming[], now: number) {
  const count = (isSo: (at: number) => boolean): number => events.filter(({ timestamp }) => isSo(timestamp)).length;
  const tooOld = count((at) => at < now - OLDEST_MS);
  const expired = count((at) => at < expiredBefore(group, now));
  const tooNew = count((at) => at > now + NEWEST_MS);
  const rejected: Sdk.RejectedLogEventsInfo | undefined =
    tooOld + expired + tooNew === 0
      ? undefined
      : {
          ...(tooNew > 0 && { tooNewLogEventStartIndex: events.length - tooNew }),
          ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
          ...(expired > 0 && { expiredLogEventEndIndex: expired }),
        };
  return { accepted: events.slice(Math.max(tooOld, expired), events.length - tooNew), rejected };
}
