import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { recordEmbeddedMetrics } from "../monitoring/record-metric.ts";
import { type LogEvent, type LogGroup, type LogStream, logsIn } from "./state.ts";

/**
 * The newest events that a group always keeps. AWS keeps all of them; here they are in memory, so the oldest are
 * dropped when there are twice as many, or twice as many bytes.
 */
const KEPT_EVENTS = 10_000;
const KEPT_BYTES = 16 * 2 ** 20;

/** Counted for each event, besides its message (API reference, `PutLogEvents`). */
export const EVENT_BYTES = 26;

const DAY_MS = 86_400_000;

/** Appends an event, and records its metrics if it is in the embedded metric format. */
export function appendEvent(
  aws: EmbeddedAws,
  group: LogGroup,
  stream: LogStream,
  message: string,
  at = aws.clock.now(),
): void {
  const state = logsIn(aws, group.account, group.region);
  const ingestedAt = aws.clock.now();
  const event: LogEvent = { at, ingestedAt, message, number: ++state.ingested };
  const { events } = stream;
  let position = events.length;
  while (position > 0 && events[position - 1]!.at > at) position--;
  if (position === events.length) events.push(event);
  else events.splice(position, 0, event);
  stream.lastIngestionAt = ingestedAt;
  group.count++;
  group.bytes += message.length + EVENT_BYTES;
  recordEmbeddedMetrics(aws, group.account, group.region, message);
  if (group.count > 2 * KEPT_EVENTS || group.bytes > 2 * KEPT_BYTES) forgetOldest(group, ingestedAt);
}

/** Before this time events have expired. */
export const expiredBefore = ({ retentionDays }: LogGroup, now: number): number =>
  retentionDays === undefined ? Number.NEGATIVE_INFINITY : now - retentionDays * DAY_MS;

/** Removes expired events. AWS takes up to 72 hours for that; here it is immediate. */
export function expireEvents(group: LogGroup, now: number): void {
  const oldest = expiredBefore(group, now);
  for (const stream of group.streams.values()) {
    if (stream.events[0] && stream.events[0].at < oldest) keep(group, stream, ({ at }) => at >= oldest);
  }
}

/** An event's id: 56 digits that increase with time, then with the order of ingestion. */
export const eventId = ({ at, number }: LogEvent): string =>
  `3${String(at).padStart(14, "0")}${String(number).padStart(41, "0")}`;

function forgetOldest(group: LogGroup, now: number): void {
  expireEvents(group, now);
  const newestFirst = [...group.streams.values()]
    .flatMap(({ events }) => events)
    .sort((one, other) => other.number - one.number);
  let [count, bytes] = [0, 0];
  for (const { message } of newestFirst) {
    bytes += message.length + EVENT_BYTES;
    if (count === KEPT_EVENTS || bytes > KEPT_BYTES) break;
    count++;
  }
  const oldest = newestFirst[Math.max(count, 1) - 1]?.number ?? 0;
  for (const stream of group.streams.values()) keep(group, stream, ({ number }) => number >= oldest);
}

function keep(group: LogGroup, stream: LogStream, isKept: (event: LogEvent) => boolean): void {
  const kept: LogEvent[] = [];
  for (const event of stream.events) {
    if (isKept(event)) kept.push(event);
    else {
      group.count--;
      group.bytes -= event.message.length + EVENT_BYTES;
    }
  }
  stream.events = kept;
}

/** The size of events in a group. */
export const bytesOf = (events: readonly LogEvent[]): number =>
  events.reduce((sum, { message }) => sum + message.length + EVENT_BYTES, 0);

/** A group's events, in order of ingestion; empty if the group does not exist. */
export function eventsIn(aws: EmbeddedAws, account: string, region: string, name: string): LogEvent[] {
  const group = logsIn(aws, account, region).groups.get(name);
  const events = [...(group?.streams.values() ?? [])].flatMap((stream) => stream.events);
  return events.sort((one, other) => one.number - other.number);
}
