/** A JSON value, as states receive and produce it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export type JsonObject = { readonly [key: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** JSONata produced a value that JSON does not have: a function, a regular expression. */
export class UnsupportedResult extends Error {
  override readonly name = "UnsupportedResult";
}

/** A JSONata result as plain JSON: without JSONata's marks on sequences; functions throw. */
export function toJson(value: unknown): Json {
  countNodes(value);
  return copy(value);
}

function copy(value: unknown): Json {
  if (typeof value === "function") throw new UnsupportedResult();
  if (typeof value !== "object" || value === null) return value as Json;
  if ("_jsonata_lambda" in value || "_jsonata_function" in value) throw new UnsupportedResult();
  if (Array.isArray(value)) return value.map(copy);
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.map(([key, part]) => [key, copy(part)]));
}

/** Far above what 256 KiB of JSON can hold. */
const MAX_NODES = 500_000;

/**
 * The number of values in a written-out result. An array that contains another one many times is small in memory and
 * huge when written; such a result throws here.
 */
function countNodes(value: unknown, already = 0): number {
  let nodes = already + 1;
  if (nodes > MAX_NODES) throw new RangeError(`the value has more than ${MAX_NODES} elements`);
  if (typeof value !== "object" || value === null) return nodes;
  if ("_jsonata_lambda" in value || "_jsonata_function" in value) return nodes;
  for (const part of Array.isArray(value) ? value : Object.values(value)) nodes = countNodes(part, nodes);
  return nodes;
}
