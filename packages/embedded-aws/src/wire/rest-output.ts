import { type Member, restBindings } from "./rest-bindings.ts";
import { textWriter } from "./scalars.ts";
import { kindOf, type Shape } from "./shape.ts";

/** How a REST protocol writes bodies. */
export interface BodyWriter {
  readonly contentType: string;
  payload(shape: Shape, value: unknown): string;
  members(shape: Shape, members: readonly Member[], value: object): string;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

/** Lays an operation's output out over status, headers and body. */
export function restOutput(shape: Shape, output: Readonly<Record<string, unknown>>, writer: BodyWriter): Answer {
  const { body, payload, ...bound } = restBindings(shape);
  const headers: Record<string, string> = {};
  for (const [name, member, header] of bound.headers) {
    const value = output[name];
    if (value !== undefined && value !== null) headers[header] = headerText(member, value);
  }
  for (const [name, prefix] of bound.prefixes) {
    for (const [key, value] of Object.entries(output[name] ?? {})) headers[prefix + key] = String(value);
  }
  const status = bound.statusCode === undefined ? undefined : (output[bound.statusCode] as number | undefined);
  if (payload) {
    const [name, member] = payload;
    const kind = kindOf(member);
    const value = output[name];
    const raw = kind === "blob" || kind === "string";
    if (!raw) headers["content-type"] ??= writer.contentType;
    const content = raw ? (value as string | Uint8Array) : value && writer.payload(member, value);
    return { status, headers, body: content ? (content as string | Uint8Array) : "" };
  }
  headers["content-type"] ??= writer.contentType;
  return { status, headers, body: writer.members(shape, body, output) };
}

function headerText(shape: Shape, value: unknown): string {
  if (kindOf(shape) !== "list") return textWriter(shape, "http-date")(value);
  const write = textWriter(shape.getValueSchema(), "http-date");
  return (value as unknown[]).map(write).join(",");
}
