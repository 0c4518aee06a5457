import type { WireRequest } from "../wire/message.ts";
import { DoorError } from "./door-error.ts";

/** The query's parameters, each given once. @throws DoorError for a parameter that nobody reads */
export function readQuery<Name extends string>(
  { path, query }: WireRequest,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const unknown = [...query.keys()].find((name) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new DoorError(400, "BadQuery", `${path} knows no ${unknown}; it knows ${names.join(", ")}.`);
  }
  return Object.fromEntries(query) as Partial<Record<Name, string>>;
}

/** A whole number from 0. */
export function toNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new DoorError(400, "BadQuery", `${name} must be a whole number, not "${text}".`);
  return Number(text);
}

/** The newest `last` entries. */
export const newest = <T>(entries: readonly T[], last: number | undefined): readonly T[] =>
  last === undefined ? entries : entries.slice(Math.max(0, entries.length - last));
