import { badInput } from "./bad-input.ts";

/** An empty body is an empty document. */
export function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw badInput("The request body is not a JSON document");
  }
}
