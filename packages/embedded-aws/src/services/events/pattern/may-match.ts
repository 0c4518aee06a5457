import type { Pattern } from "./matcher.ts";
import { matchesLeaf } from "./matches.ts";

/** Whether an event with these fields, and others that are not known yet, can match. */
export function mayMatch(pattern: Pattern, known: object): boolean {
  for (const [name, expected] of pattern.fields) {
    const value = (known as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    if ("fields" in expected) {
      if (typeof value === "object" && value !== null && !mayMatch(expected, value)) return false;
    } else if (typeof value !== "object" && !matchesLeaf(expected, value)) return false;
  }
  return pattern.anyOf.every((alternatives) => alternatives.some((one) => mayMatch(one, known)));
}
