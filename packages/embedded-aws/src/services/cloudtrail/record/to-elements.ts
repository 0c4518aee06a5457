/** How one service's records differ. */
interface Writing {
  /** By member name: values that replace the original ones. */
  readonly hidden?: Readonly<Record<string, string>>;
  /** How a list is written; omitted: as a list. */
  readonly list?: (items: readonly unknown[]) => unknown;
}

/**
 * A request or response as CloudTrail writes it: member names in lower camel case, null for an empty response, times as
 * strings (user guide, "CloudTrail record contents", and the services' examples).
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
