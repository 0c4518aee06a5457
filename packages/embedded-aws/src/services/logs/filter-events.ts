import type * as Sdk from "@aws-sdk/client-cloudwatch-logs";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { cut } from "./get-events.ts";
import { invalidTerm, type Matches, matchesExpression, parseJsonPattern } from "./json-pattern.ts";
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

/**
 * A filter pattern (CloudWatch Logs user guide, "Filter pattern syntax"): terms and phrases that an event must contain;
 * `-` excludes a term, at least one of those with `?` must occur; `%...%` is a regular expression; `{...}` matches
 * members of JSON events. Terms also match parts of words, which the guide shows only for regular expressions.
 * @throws InvalidParameterException; NotImplemented for patterns of space-delimited events, `[...]`
 */
export function parseFilterPattern(pattern: string): Matches {
  const text = pattern.trim();
  if (text === "") return () => true;
  if (text.startsWith("{")) return parseJsonPattern(text);
  if (text.startsWith("[")) {
    throw new AwsError("NotImplemented", "logs: filter patterns for space-delimited events ([...]) are not built");
  }
  if (/^%.*%$/s.test(text) && text.length > 2) return matchesExpression(text.slice(1, -1));
  return matchesTerms(parseTerms(text));
}

interface Term {
  readonly kind: "" | "-" | "?";
  readonly text: string;
}

function parseTerms(text: string): Term[] {
  const terms: Term[] = [];
  const next = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/gsy;
  for (let found = next.exec(text); found; found = next.exec(text)) {
    const [, kind = "", phrase, word = ""] = found;
    const wrong = phrase === undefined ? /[^\p{L}\p{N}_]/u.exec(word)?.[0] : undefined;
    if (wrong !== undefined) throw invalidTerm(wrong);
    terms.push({ kind: kind as Term["kind"], text: phrase?.replace(/\\(.)/gs, "$1") ?? word });
  }
  return terms;
}

/**
 * Optional terms do not count besides required or excluded ones (the guide, "Match terms in unstructured log events").
 */
function matchesTerms(terms: readonly Term[]): Matches {
  const of = (kind: Term["kind"]): string[] => terms.filter((one) => one.kind === kind).map((one) => one.text);
  const [all, none, some] = [of(""), of("-"), of("?")];
  if (all.length + none.length === 0) return (message) => some.some((one) => message.includes(one));
  return (message) => all.every((one) => message.includes(one)) && !none.some((one) => message.includes(one));
}
