import type { WireRequest } from "../wire/message.ts";
import { DoorError } from "./door-error.ts";

/** The request's JSON object. @throws DoorError when it is none */
export function readBody({ path, body }: WireRequest): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new DoorError(400, "BadBody", `The body of ${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new DoorError(400, "BadBody", `The body of ${path} must be a JSON object.`);
}
