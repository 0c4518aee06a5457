import { BadInput, badInput } from "./bad-input.ts";
import type { WireRequest } from "./message.ts";
import { type Member, restBindings } from "./rest-bindings.ts";
import { textReader } from "./scalars.ts";
import { kindOf, type Shape } from "./shape.ts";

/** How a REST protocol reads bodies. */
export interface BodyReader {
  /** The whole body as one structure. */
  payload(shape: Shape, body: Uint8Array): unknown;
  /** The body's members. */
  members(members: readonly Member[], body: Uint8Array): object;
}

/** Gathers an operation's input from path, query, headers and body. */
export function restInput(
  shape: Shape,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
  reader: BodyReader,
): Record<string, unknown> {
  const { body, payload, ...bound } = restBindings(shape);
  const input: Record<string, unknown> = {};
  if (body.length > 0 && request.body.length > 0) Object.assign(input, reader.members(body, request.body));
  if (payload) {
    const value = payloadOf(payload[1], request.body, reader);
    if (value !== undefined) input[payload[0]] = value;
  }
  for (const [name, member] of bound.labels) {
    const text = labels[name];
    if (text !== undefined) input[name] = fieldReader(name, member)(text);
  }
  for (const [name, member, field] of bound.query) {
    const texts = request.query.getAll(field);
    if (texts[0] === undefined) continue;
    input[name] =
      kindOf(member) === "list"
        ? texts.map(fieldReader(field, member.getValueSchema()))
        : fieldReader(field, member)(texts[0]);
  }
  for (const [name, member, header] of bound.headers) {
    const text = request.headers[header];
    if (text !== undefined) input[name] = headerValue(header, member, text);
  }
  for (const [name, prefix] of bound.prefixes) {
    const found = Object.entries(request.headers).filter(([header]) => header.startsWith(prefix));
    if (found.length > 0)
      input[name] = Object.fromEntries(found.map(([header, text]) => [header.slice(prefix.length), text]));
  }
  return input;
}

function payloadOf(shape: Shape, body: Uint8Array, reader: BodyReader): unknown {
  if (body.length === 0) return undefined;
  if (kindOf(shape) === "blob") return body;
  return kindOf(shape) === "string" ? Buffer.from(body).toString() : reader.payload(shape, body);
}

function headerValue(header: string, shape: Shape, text: string): unknown {
  if (kindOf(shape) !== "list") return fieldReader(header, shape)(text);
  const read = fieldReader(header, shape.getValueSchema());
  return text.split(",").map((one) => read(one.trim()));
}

/** Reads the text of a label, query field or header; a refusal names it. */
function fieldReader(field: string, shape: Shape): (text: string) => unknown {
  const read = textReader(shape);
  return (text) => {
    try {
      return read(text);
    } catch (cause) {
      throw cause instanceof BadInput ? badInput(`${field}: ${cause.message}`, "field") : cause;
    }
  };
}
