import { unchunked } from "../aws-chunked.ts";
import { badInput, noRoute } from "../bad-input.ts";
import { findRoute } from "../find-route.ts";
import { oncePer } from "../once-per.ts";
import { type BodyReader, restInput } from "../rest-input.ts";
import { type BodyWriter, restOutput } from "../rest-output.ts";
import { s3Address } from "../s3-address.ts";
import type { Shape } from "../shape.ts";
import { parseXml } from "../xml-parser.ts";
import { xmlReader } from "../xml-reader.ts";
import { xmlResponse } from "../xml-response.ts";
import { element, escapeXml, xmlMembersWriter, xmlWriter } from "../xml-writer.ts";
import type { Protocol } from "./protocol.ts";

const CONTENT_TYPE = "application/xml";
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

const payloadReader = oncePer(xmlReader);
const payloadWriter = oncePer(xmlWriter);
const membersWriter = oncePer(xmlMembersWriter);

/** In S3 a body is always one structure, or bytes: no input has members in it. */
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
    // A bucket's location is the one answer whose root is itself the value.
    if (name === "LocationConstraint")
      return root(name, (value as { LocationConstraint?: string }).LocationConstraint ?? "");
    return root(name, membersWriter(members)(value));
  },
};

/** https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html, as S3 has it. */
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
    // A part of an object, which no schema says.
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
