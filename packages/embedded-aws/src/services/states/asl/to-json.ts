import { countNodes } from "./count-nodes.ts";
import type { Json } from "./json.ts";

/** JSONata produced something that JSON has no word for: a function, a regular expression. */
export class UnsupportedResult extends Error {
  override readonly name = "UnsupportedResult";
}

/** A JSONata result as plain JSON: its sequences carry marks of their own, and functions are values there. */
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
