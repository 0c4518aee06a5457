import { AwsError } from "../../engine/operation.ts";
import { badInput, noRoute, type WireRequest, xmlResponse } from "../message.ts";
import { type BodyReader, type BodyWriter, restInput, restOutput } from "../rest.ts";
import { findRoute, s3Address } from "../routes.ts";
import { oncePer, type Shape } from "../shape.ts";
import { parseXml, xmlReader } from "../xml.ts";
import { element, escapeXml, xmlMembersWriter, xmlWriter } from "../xml-writer.ts";
import type { Protocol } from "./protocol.ts";

const LINE_END = Buffer.from("\r\n");

/**
 * Decodes S3's chunked uploads: `<size>[;chunk-signature=...]`, the data, and trailing headers for checksums.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
function unchunked(request: WireRequest): WireRequest {
  const { "content-encoding": encoding = "", ...headers } = request.headers;
  const encodings = encoding.split(",").map((one) => one.trim());
  const streaming = headers["x-amz-content-sha256"]?.startsWith("STREAMING-");
  if (!encodings.includes("aws-chunked") && !streaming) return request;
  const { content, trailers } = chunks(Buffer.from(request.body));
  if (
    headers["x-amz-decoded-content-length"] !== undefined &&
    Number(headers["x-amz-decoded-content-length"]) !== content.length
  ) {
    throw incomplete();
  }
  const rest = encodings.filter((one) => one !== "aws-chunked" && one !== "");
  const kept = rest.length > 0 ? { "content-encoding": rest.join(",") } : {};
  return { ...request, headers: { ...headers, ...trailers, ...kept }, body: content };
}

function chunks(body: Buffer): { content: Buffer; trailers: Record<string, string> } {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf(LINE_END, at);
    const size = /^([0-9a-fA-F]{1,12})(?:;|$)/.exec(end < 0 ? "" : body.toString("latin1", at, end))?.[1];
    if (size === undefined) throw incomplete();
    const start = end + LINE_END.length;
    const length = Number.parseInt(size, 16);
    if (length === 0) return { content: Buffer.concat(parts), trailers: trailersOf(body.toString("latin1", start)) };
    if (start + length > body.length) throw incomplete();
    parts.push(body.subarray(start, start + length));
    at = start + length + LINE_END.length;
  }
}

const trailersOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\r\n")
      .map((line) => /^(x-amz-checksum-[\w-]+):(.*)$/i.exec(line))
      .flatMap((found) => (found ? [[String(found[1]).toLowerCase(), String(found[2]).trim()]] : [])),
  );

const incomplete = () => new AwsError("IncompleteBody", "The request body terminated unexpectedly", { status: 400 });

const CONTENT_TYPE = "application/xml";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

const payloadReader = oncePer(xmlReader);

const payloadWriter = oncePer(xmlWriter);

const membersWriter = oncePer(xmlMembersWriter);

/** In S3 a body is always one structure, or bytes: no input has several members in it. */
const reader: BodyReader = {
  payload(shape, body) {
    const document = parseXml(Buffer.from(body).toString());
    const wanted = rootOf(shape);
    if (document.name !== wanted)
      throw badInput(`The XML's root must be ${wanted}, not ${document.name.slice(0, 100)}`);
    return payloadReader(shape)(document);
  },
  members: () => ({}),
};

const rootOf = (shape: Shape): string => shape.getMergedTraits().xmlName ?? shape.getName() ?? "";

const root = (name: string, content: string) => `${DECLARATION}<${name} xmlns="${NAMESPACE}">${content}</${name}>`;

const writer: BodyWriter = {
  contentType: CONTENT_TYPE,
  payload: (shape, value) => root(rootOf(shape), payloadWriter(shape)(value)),
  members(shape, members, value) {
    if (members.length === 0) return "";
    const name = rootOf(shape);
    // A bucket's location is the only response whose root is the value.
    if (name === "LocationConstraint")
      return root(name, (value as { LocationConstraint?: string }).LocationConstraint ?? "");
    return root(name, membersWriter(members)(value));
  },
};

/** https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html, as in S3. */
export const restXml: Protocol = {
  target(given, model) {
    const request = unchunked(given);
    const { bucket, path } = s3Address(request);
    const found = findRoute(model.operations.values(), request, path, bucket !== undefined);
    if (!found) throw noRoute(request);
    const labels = bucket === undefined ? found.labels : { ...found.labels, Bucket: bucket };
    return { name: found.operation.name, input: ({ input }) => restInput(input, request, labels, reader) };
  },

  output(output, operation, _model, requestId) {
    const { status, headers, body } = restOutput(operation.output, output as Record<string, unknown>, writer);
    // A part of an object, which is not in the schema.
    const partial = headers["content-range"] === undefined ? undefined : 206;
    return {
      status: status ?? partial ?? operation.route?.status ?? 200,
      headers: { ...headers, "x-amz-request-id": requestId, "x-amz-id-2": requestId },
      body: operation.route?.method === "HEAD" ? "" : body,
    };
  },

  refusal(refusal, request, _model, requestId) {
    const error = element(
      "Error",
      element("Code", escapeXml(refusal.code)) +
        element("Message", escapeXml(refusal.message)) +
        element("Resource", escapeXml(request.path)) +
        element("RequestId", requestId),
    );
    const { status, headers, body } = xmlResponse(refusal.status, error, CONTENT_TYPE);
    const ids = { "x-amz-request-id": requestId, "x-amz-id-2": requestId };
    return { status, headers: { ...headers, ...ids }, body: request.method === "HEAD" || status === 304 ? "" : body };
  },
};
