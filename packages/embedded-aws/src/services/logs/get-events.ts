import type * as Sdk from "@aws-sdk/client-cloudwatch-logs";
import type { Operations } from "../../engine/operation.ts";
import { EVENT_BYTES, expireEvents } from "./keep-events.ts";
import { invalid, nameOfGroup, onGroup, requireGroup, requireStream } from "./log-group.ts";
import type { LogEvent } from "./state.ts";

/** Limits of a page (API reference, `GetLogEvents` and `FilterLogEvents`). */
export const PAGE = { events: 10_000, bytes: 1_048_576 };

/** Where a page ends in a stream: `f/` continues after the event of that time and number, `b/` before it. */
interface Position {
  readonly direction: "f" | "b";
  readonly at: number;
  readonly number: number;
}

const toToken = ({ direction, at, number }: Position): string =>
  `${direction}/${String(at).padStart(14, "0")}${String(number).padStart(42, "0")}/s`;

/** @throws InvalidParameterException */
function parseToken(token: string): Position {
  const [, direction, at, number] = /^([fb])\/(\d{14})(\d{42})\/s$/.exec(token) ?? [];
  if (direction === undefined) throw invalid("The specified nextToken is invalid.");
  return { direction: direction as Position["direction"], at: Number(at), number: Number(number) };
}

const compare = (event: LogEvent, { at, number }: Pick<Position, "at" | "number">): number =>
  event.at - at || event.number - number;

export const operations = {
  /** One page of a stream, oldest event first, with a token for each direction. */
  GetLogEvents: {
    // Its tokens go in both directions, so it cuts its own pages.
    list: { asked: "" },
    authorize: (input, call) => [onGroup(call, nameOfGroup(input, call), input.logStreamName)],
    run(input, call) {
      const { startTime = 0, endTime = Number.POSITIVE_INFINITY, startFromHead, nextToken, limit } = input;
      if (startTime > endTime) throw invalid("Invalid parameter combination: startTime must not be after endTime.");
      const group = requireGroup(call, nameOfGroup(input, call));
      expireEvents(group, call.aws.clock.now());
      const { events } = requireStream(group, input.logStreamName ?? "");
      const within = events.filter(({ at }) => at >= startTime && at < endTime);
      const from = nextToken === undefined ? undefined : parseToken(nextToken);
      const backward = from ? from.direction === "b" : !startFromHead;
      const rest = from
        ? within.filter((event) => (backward ? compare(event, from) < 0 : compare(event, from) > 0))
        : within;
      const page = backward ? cut(rest.toReversed(), limit).toReversed() : cut(rest, limit);
      const [first, last] = [page[0], page.at(-1)];
      const end = from ?? { at: backward ? (events.at(-1)?.at ?? 0) : 0, number: backward ? MOST_NUMBER : 0 };
      return {
        events: page.map(({ at, ingestedAt, message }) => ({ timestamp: at, message, ingestionTime: ingestedAt })),
        // At an end of the stream the same token is returned.
        nextForwardToken: toToken({ direction: "f", ...pick(last ?? end) }),
        nextBackwardToken: toToken({ direction: "b", ...pick(first ?? end) }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** Greater than any event's number. */
const MOST_NUMBER = Number.MAX_SAFE_INTEGER;

const pick = ({ at, number }: Pick<Position, "at" | "number">) => ({ at, number });

/** As many of the first events as fit in a page. */
export function cut<Event extends Pick<LogEvent, "message">>(events: readonly Event[], limit = PAGE.events): Event[] {
  let bytes = 0;
  const page: Event[] = [];
  for (const event of events) {
    bytes += Buffer.byteLength(event.message) + EVENT_BYTES;
    if (page.length === limit || (page.length > 0 && bytes > PAGE.bytes)) break;
    page.push(event);
  }
  return page;
}
