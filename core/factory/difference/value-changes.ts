/** Longer texts are not quoted. */
const LONGEST = 80;

/**
 * Differences in a property, one line per path: `ebs.volumeSize: 8 → 20`. Policies are one line: their
 * statements are compared as grants.
 * @param path the property's name
 */
export function valueChanges(path: string, before: unknown, now: unknown): string[] {
  if (isSame(before, now)) return [];
  if (hasStatements(before) || hasStatements(now)) return [`${path}: policy statements changed (see grants)`];
  if (isKeyed(before) && isKeyed(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return keys.flatMap((key) => valueChanges(`${path}.${key}`, before[key], now[key]));
  }
  if (Array.isArray(before) && Array.isArray(now)) return listChanges(path, before, now);
  if (isLong(before) || isLong(now)) {
    if (before === undefined) return [`${path}: added`];
    return [`${path}: ${now === undefined ? "removed" : "changed"}`];
  }
  return [`${path}: ${toText(before)} → ${toText(now)}`];
}

/** Compares plain values as sets, as AWS treats such lists, and others by position. */
function listChanges(path: string, before: readonly unknown[], now: readonly unknown[]): string[] {
  if (![...before, ...now].some((one) => typeof one === "object")) {
    const added = now.filter((one) => !before.includes(one)).map((one) => `${path}: ${toText(one)} added`);
    const removed = before.filter((one) => !now.includes(one)).map((one) => `${path}: ${toText(one)} removed`);
    return added.length + removed.length > 0 ? [...added, ...removed] : [`${path}: order changed`];
  }
  if (before.length !== now.length) return [`${path}: ${before.length} → ${now.length} entries`];
  return before.flatMap((one, index) =>
    valueChanges(before.length === 1 ? path : `${path}[${index}]`, one, now[index]),
  );
}

const isLong = (value: unknown): boolean =>
  isKeyed(value) ||
  Array.isArray(value) ||
  (typeof value === "string" && (value.length > LONGEST || value.includes("\n")));

/** A policy, or a list of policies. */
const hasStatements = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some((one) => isKeyed(one) && hasStatements(one.policy))
    : isKeyed(value) && Array.isArray(value.Statement);

/** Names values that AWS generates: `keyId of ImageKey`. */
export const withReferences = (text: string): string => text.replace(/\$\{([\w-]+)\.(\w+)\}/g, "<$2 of $1>");

function toText(value: unknown): string {
  if (value === undefined || value === null) return "none";
  return typeof value === "string" ? withReferences(JSON.stringify(value)) : JSON.stringify(value);
}

/** Whether two JSON values are equal, regardless of key order. */
export const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one, sortKeys) === JSON.stringify(other, sortKeys);

const sortKeys = (_key: string, value: unknown): unknown =>
  isKeyed(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value;

export const isKeyed = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
