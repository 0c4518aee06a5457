import ical, { type CalendarResponse, type EventInstance, type VEvent } from "node-ical";
import { AwsError } from "../../../engine/operation.ts";

export interface Calendar {
  /** The state outside its events. */
  readonly usually: "OPEN" | "CLOSED";
  readonly events: readonly VEvent[];
}

interface Span {
  /** Milliseconds since the epoch; the end is exclusive. */
  readonly from: number;
  readonly to: number;
}

const TYPES: Readonly<Record<string, Calendar["usually"]>> = { DEFAULT_OPEN: "OPEN", DEFAULT_CLOSED: "CLOSED" };

const invalid = (message: string): AwsError => new AwsError("InvalidDocumentContent", message);

/**
 * Parses a calendar's iCalendar text (Systems Manager user guide, "Change Calendar"). All events count, including AWS's
 * advisory ones.
 * @throws InvalidDocumentContent
 */
export function parseCalendar(text: string): Calendar {
  const parsed = read(text);
  const { vcalendar } = parsed;
  if (!vcalendar) throw invalid("The content of a ChangeCalendar document must be iCalendar text with a VCALENDAR.");
  const type = Reflect.get(vcalendar, "CALENDAR-TYPE");
  const usually = typeof type === "string" ? TYPES[type] : undefined;
  if (!usually) throw invalid("X-CALENDAR-TYPE of the calendar must be DEFAULT_OPEN or DEFAULT_CLOSED.");
  const events = Object.values(parsed).filter((one): one is VEvent => one?.type === "VEVENT");
  const undated = events.find(({ start }) => !(start instanceof Date) || Number.isNaN(start.getTime()));
  if (undated) throw invalid(`The event ${undated.uid} has no DTSTART that can be read.`);
  return { usually, events };
}

function read(text: string): CalendarResponse {
  try {
    return ical.sync.parseICS(text);
  } catch (cause) {
    throw invalid(`The content is not valid iCalendar text: ${(cause as Error).message}`);
  }
}

const DAY_MS = 86_400_000;
/** Windows for finding the next change: first near, then far. */
const HORIZONS_MS = [32 * DAY_MS, 400 * DAY_MS, 5 * 366 * DAY_MS];

/** A calendar's events in a window. */
function spansIn({ events }: Calendar, from: number, to: number): Span[] {
  const window = { from: new Date(from), to: new Date(to), expandOngoing: true };
  return events.flatMap((event) =>
    ical.expandRecurringEvent(event, window).map((one) => ({ from: timeOf(one, one.start), to: timeOf(one, one.end) })),
  );
}

/** inferred: dates and times without a time zone are UTC; the library assumes this machine's zone. */
function timeOf({ event }: EventInstance, date: Date): number {
  if (event.start.tz !== undefined) return date.getTime();
  return Date.UTC(
    date.getFullYear(),
    date.getMonth(),
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  );
}

export interface CalendarState {
  readonly state: "OPEN" | "CLOSED";
  /** Milliseconds; undefined: not within the next five years. */
  readonly changesAt: number | undefined;
}

/** Several calendars together are open only if all are (API reference, GetCalendarState). */
export function stateOf(calendars: readonly Calendar[], at: number): CalendarState {
  for (const horizon of HORIZONS_MS) {
    // One day earlier, for whole-day events in other time zones.
    const spans = calendars.map((calendar) => ({ ...calendar, spans: spansIn(calendar, at - DAY_MS, at + horizon) }));
    const isOpen = (time: number): boolean =>
      spans.every(
        ({ usually, spans: own }) => own.some(({ from, to }) => from <= time && time < to) === (usually === "CLOSED"),
      );
    const open = isOpen(at);
    const edges = spans.flatMap(({ spans: own }) => own.flatMap(({ from, to }) => [from, to]));
    // Changes beyond the window are not known.
    const later = [...new Set(edges)].filter((time) => time > at && time < at + horizon).sort((a, b) => a - b);
    const changesAt = later.find((time) => isOpen(time) !== open);
    if (changesAt !== undefined || horizon === HORIZONS_MS.at(-1))
      return { state: open ? "OPEN" : "CLOSED", changesAt };
  }
  throw new Error("no horizon");
}
