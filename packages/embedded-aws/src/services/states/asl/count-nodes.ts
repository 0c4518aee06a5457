/** Far above what 256 KiB of JSON can hold. */
const MAX_NODES = 500_000;

/**
 * How many values a result has when written out. An array that holds another one many times is small in memory and
 * endless on paper; such a result throws here.
 */
export function countNodes(value: unknown, already = 0): number {
  let nodes = already + 1;
  if (nodes > MAX_NODES) throw new RangeError(`the value has more than ${MAX_NODES} elements`);
  if (typeof value !== "object" || value === null) return nodes;
  if ("_jsonata_lambda" in value || "_jsonata_function" in value) return nodes;
  for (const part of Array.isArray(value) ? value : Object.values(value)) nodes = countNodes(part, nodes);
  return nodes;
}
