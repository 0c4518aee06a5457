/** What a service writes in its own way. */
interface Writing {
  /** Values by the name of their member, in the place of what was sent or answered. */
  readonly hidden?: Readonly<Record<string, string>>;
  /** How a list is written; left out: as a list. */
  readonly list?: (items: readonly unknown[]) => unknown;
}

/**
 * A request or an answer as CloudTrail writes it: members begin in lower case, an empty answer is null, times are texts
 * (user guide, "CloudTrail record contents", and the examples of the services).
 */
export function toElements(value: unknown, writing: Writing = {}): unknown {
  if (value instanceof Date) return cloudTrailTime(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) {
    const items = value.map((one) => toElements(one, writing));
    return writing.list ? writing.list(items) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([member, one]) => one !== undefined && member !== "$metadata");
  if (members.length === 0) return null;
  return Object.fromEntries(
    members.map(([member, one]) => {
      const name = member.charAt(0).toLowerCase() + member.slice(1);
      return [name, writing.hidden?.[name] ?? toElements(one, writing)];
    }),
  );
}

const TIME = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });

/** `Sep 16, 2020 9:20:50 PM`, in UTC. */
function cloudTrailTime(time: Date): string {
  const parts = Object.fromEntries(TIME.formatToParts(time).map(({ type, value }) => [type, value]));
  const { month, day, year, hour, minute, second, dayPeriod } = parts;
  return `${month} ${day}, ${year} ${hour}:${minute}:${second} ${dayPeriod}`;
}
