import type { ToeLoop } from "./document.ts";

/** `for` counts, `forEach` walks a list or a delimited string; the loop may have a name for its variables. */
export function parseLoop(loop: unknown, refuse: (why: string) => never): ToeLoop | undefined {
  if (loop === undefined || loop === null) return undefined;
  if (typeof loop !== "object") refuse("A loop must be a mapping.");
  const { name: given, for: counted, forEach: each } = loop as Record<string, unknown>;
  if ((counted === undefined) === (each === undefined)) refuse("A loop must have exactly one of 'for' and 'forEach'.");
  const name = String(given ?? "loop");
  if (counted !== undefined) {
    const { start, end, updateBy } = (counted ?? {}) as Record<string, unknown>;
    for (const [key, value] of Object.entries({ start, end, updateBy })) {
      if (value === undefined) refuse(`The loop's 'for' requires '${key}'.`);
    }
    return { kind: "for", name, start: String(start), end: String(end), updateBy: String(updateBy) };
  }
  if (Array.isArray(each)) return { kind: "list", name, values: each.map(String) };
  const { list, delimiter } = (each ?? {}) as Record<string, unknown>;
  if (typeof list !== "string" || typeof delimiter !== "string") {
    refuse("The loop's 'forEach' must be a list, or have 'list' and 'delimiter'.");
  }
  return { kind: "delimited", name, list: String(list), delimiter: String(delimiter) };
}
