import type * as Sdk from "@aws-sdk/client-cloudwatch-logs";
import type { Operations } from "../../engine/operation.ts";
import { parseFilterPattern } from "./filter-pattern.ts";
import { cut } from "./get-events.ts";
import { eventId, expireEvents } from "./keep-events.ts";
import { invalid, nameOfGroup, onGroup, requireGroup, requireStream } from "./log-group.ts";
import type { LogEvent, LogGroup, LogStream } from "./state.ts";

interface Found extends LogEvent {
  readonly stream: string;
}

export const operations = {
  /** Events of a group's streams by time. A token is the id of the page's last event. */
  FilterLogEvents: {
    authorize: (input, call) => [onGroup(call, nameOfGroup(input, call))],
    run(input, call) {
      const { startTime = 0, endTime = Number.POSITIVE_INFINITY, nextToken, startFromHead = true } = input;
      const matches = parseFilterPattern(input.filterPattern ?? "");
      const group = requireGroup(call, nameOfGroup(input, call));
      expireEvents(group, call.aws.clock.now());
      const found: Found[] = streamsOf(group, input).flatMap(({ name, events }) =>
        events
          .filter(({ at, message }) => at >= startTime && at <= endTime && matches(message))
          .map((event) => ({ ...event, stream: name })),
      );
      found.sort((one, other) => one.at - other.at || one.number - other.number);
      if (!startFromHead) found.reverse();
      const rest = nextToken === undefined ? found : after(found, nextToken, startFromHead);
      const page = cut(rest, input.limit);
      const last = page.at(-1);
      return {
        events: page.map((event) => ({
          logStreamName: event.stream,
          timestamp: event.at,
          message: event.message,
          ingestionTime: event.ingestedAt,
          eventId: eventId(event),
        })),
        searchedLogStreams: [],
        ...(last && page.length < rest.length && { nextToken: eventId(last) }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** The events after the one with that id. */
function after(found: readonly Found[], id: string, ascending: boolean): readonly Found[] {
  return found.filter((event) => (ascending ? eventId(event) > id : eventId(event) < id));
}

/** @throws ResourceNotFoundException for a stream that does not exist */
function streamsOf(group: LogGroup, { logStreamNames, logStreamNamePrefix }: Sdk.FilterLogEventsRequest): LogStream[] {
  if (logStreamNames && logStreamNamePrefix !== undefined) {
    throw invalid("LogStreamNames and LogStreamNamePrefix are mutually exclusive parameters.");
  }
  if (logStreamNames) return logStreamNames.map((name) => requireStream(group, name));
  return [...group.streams.values()].filter(({ name }) => name.startsWith(logStreamNamePrefix ?? ""));
}
