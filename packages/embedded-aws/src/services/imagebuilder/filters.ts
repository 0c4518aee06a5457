import type { Filter } from "@aws-sdk/client-imagebuilder";
import { invalidValue } from "./refusals.ts";

/** A list's filters: a member's name, or another name with a function that reads the value. */
export type Readers<T> = readonly (
  | (keyof T & string)
  | readonly [filter: string, read: (item: T) => string | readonly string[] | undefined]
)[];

/** Keeps items that match all filters; refuses unknown filter names. */
export function filtered<T>(all: readonly T[], filters: readonly Filter[] = [], known: Readers<T>): T[] {
  const readers = new Map(
    known.map((one) => (typeof one === "string" ? [one, (item: T): unknown => item[one]] : [...one])),
  );
  const tests = filters.map(({ name = "", values = [] }) => {
    const read = readers.get(name);
    if (!read) throw invalidValue("filters", `Filter '${name}' is not one of ${[...readers.keys()].join(", ")}.`);
    return (item: T): boolean => [read(item) ?? []].flat().some((one) => values.includes(one as string));
  });
  return all.filter((item) => tests.every((test) => test(item)));
}
