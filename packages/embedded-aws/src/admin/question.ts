import type { WireRequest } from "../wire/message.ts";

/** The request's JSON object. @throws DoorError if the body is not a JSON object */
export function readBody({ path, body }: WireRequest): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new DoorError(400, "BadBody", `The body of ${path} is not valid JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new DoorError(400, "BadBody", `The body of ${path} must be a JSON object.`);
}

/** The query's parameters, each given once. @throws DoorError for an unknown parameter */
export function readQuery<Name extends string>(
  { path, query }: WireRequest,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const unknown = [...query.keys()].find((name) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new DoorError(400, "BadQuery", `${path} has no parameter ${unknown}; valid: ${names.join(", ")}.`);
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
/** An error of the admin door, which answers in JSON with this status and code. */
export class DoorError extends Error {
  override readonly name = "DoorError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}
