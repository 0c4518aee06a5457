import type { Filter } from "@aws-sdk/client-ec2";
import { invalidParameter } from "./refusals.ts";

/** A resource's value for each filter name; several values if it has a list. */
export type FilterFields<T> = Readonly<Record<string, (resource: T) => string | undefined | readonly string[]>>;

/**
 * Whether resources match all filters; a filter matches if any of its values does. `*` and `?` are wildcards, a
 * backslash escapes them. `tags` adds `tag:<key>` and `tag-key`.
 * @throws InvalidParameterValue for a filter name that the operation does not have
 */
export function toPredicate<T>(
  filters: readonly Filter[] | undefined,
  fields: FilterFields<T>,
  tags?: (resource: T) => ReadonlyMap<string, string>,
): (resource: T) => boolean {
  const tests = (filters ?? []).map((filter) => {
    const values = valuesOf(filter.Name ?? "", fields, tags);
    const patterns = (filter.Values ?? []).map(toPattern);
    return (resource: T) => values(resource).some((value) => patterns.some((pattern) => pattern(value)));
  });
  return (resource) => tests.every((test) => test(resource));
}

function valuesOf<T>(
  name: string,
  fields: FilterFields<T>,
  tags: ((resource: T) => ReadonlyMap<string, string>) | undefined,
): (resource: T) => readonly string[] {
  if (tags && name === "tag-key") return (resource) => [...tags(resource).keys()];
  if (tags && name.startsWith("tag:")) {
    const key = name.slice("tag:".length);
    return (resource) => {
      const value = tags(resource).get(key);
      return value === undefined ? [] : [value];
    };
  }
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) throw invalidParameter(`The filter '${name}' is invalid`);
  return (resource) => {
    const value = field(resource);
    return value === undefined ? [] : typeof value === "string" ? [value] : value;
  };
}

function toPattern(wanted: string): (value: string) => boolean {
  if (!/[*?\\]/.test(wanted)) return (value) => value === wanted;
  const source = wanted.replace(/\\(.)|([*?])|([.+^${}()|[\]\\])/g, (_, escaped, wildcard, special) =>
    wildcard ? (wildcard === "*" ? ".*" : ".") : `\\${escaped ?? special}`,
  );
  // Before a letter or digit, a backslash would have another meaning in a regular expression.
  const pattern = new RegExp(`^${source.replace(/\\([a-zA-Z0-9])/g, "$1")}$`, "s");
  return (value) => pattern.test(value);
}
