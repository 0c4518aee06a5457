import { InvalidArgumentError } from "commander";

/** Formats a moment in a time zone: `Wed 2026-04-15 03:00 +02:00`, or `... UTC`. */
export function clockIn(timezone: string): (moment: Date) => string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "longOffset",
  });
  return (moment) => {
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
    const [weekday, year, month, day, hour, minute] = ["weekday", "year", "month", "day", "hour", "minute"].map(
      (type) => parts.get(type as Intl.DateTimeFormatPartTypes),
    );
    const offset = timezone === "UTC" ? "UTC" : parts.get("timeZoneName")?.replace("GMT", "") || "+00:00";
    return `${weekday} ${year}-${month}-${day} ${hour}:${minute} ${offset}`;
  };
}

/** Seconds in the config's notation: `90m`, `24h`, `3d`. */
export function inDuration(seconds: number): string {
  // A day is shown as 24 hours, as in most configs.
  if (seconds % 86_400 === 0 && seconds > 86_400) return `${seconds / 86_400}d`;
  return seconds % 3_600 === 0 ? `${seconds / 3_600}h` : `${seconds / 60}m`;
}

/** A duration in days from two days on, in hours from two hours on, otherwise in minutes: `12d`, `3h`, `5m`. */
export function inAge(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes < 120) return `${minutes}m`;
  return minutes < 2 * 1440 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1440)}d`;
}

/** Parses `2026-04-01` or `2026-04-01T03:00`, in UTC or with an offset. */
export function toMoment(text: string): Date {
  const { date, rest } =
    /^(?<date>\d{4}-\d{2}-\d{2})(?<rest>T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text)?.groups ?? {};
  const zoned = rest === undefined || /(Z|[+-]\d{2}:\d{2})$/.test(rest);
  const moment = new Date(zoned ? text : `${text}Z`);
  const exists = date !== undefined && !Number.isNaN(moment.getTime()) && isDate(date);
  if (!exists)
    throw new InvalidArgumentError(
      "Use a date such as 2026-04-01 or 2026-04-01T03:00 (UTC) or 2026-04-01T03:00+02:00.",
    );
  return moment;
}

function isDate(text: string): boolean {
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
