import { BadInput, badInput, type WireRequest } from "./message.ts";
import { textReader, textWriter } from "./scalars.ts";
import { kindOf, membersOf, oncePer, type Shape } from "./shape.ts";

type Member = readonly [name: string, member: Shape];

/** Where a REST protocol carries each member of an input or output. */
interface RestBindings {
  readonly labels: readonly Member[];
  readonly query: readonly (readonly [name: string, member: Shape, field: string])[];
  readonly headers: readonly (readonly [name: string, member: Shape, header: string])[];
  readonly prefixes: readonly (readonly [name: string, prefix: string])[];
  /** The member that is the whole body, if any. */
  readonly payload: Member | undefined;
  readonly statusCode: string | undefined;
  /** Members in the body. */
  readonly body: readonly Member[];
}

export const restBindings = oncePer((shape: Shape): RestBindings => {
  const labels: Member[] = [];
  const query: [string, Shape, string][] = [];
  const headers: [string, Shape, string][] = [];
  const prefixes: [string, string][] = [];
  const body: Member[] = [];
  let payload: Member | undefined;
  let statusCode: string | undefined;
  for (const [name, member] of shape.isUnitSchema() ? [] : membersOf(shape)) {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) labels.push([name, member]);
    else if (traits.httpQuery) query.push([name, member, traits.httpQuery]);
    else if (traits.httpHeader) headers.push([name, member, traits.httpHeader.toLowerCase()]);
    else if (traits.httpPrefixHeaders) prefixes.push([name, traits.httpPrefixHeaders.toLowerCase()]);
    else if (traits.httpPayload) payload = [name, member];
    else if (traits.httpResponseCode) statusCode = name;
    else body.push([name, member]);
  }
  return { labels, query, headers, prefixes, payload, statusCode, body };
});

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

/** Reads the text of a label, query field or header; errors name it. */
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

/** Distributes an operation's output over status, headers and body. */
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
