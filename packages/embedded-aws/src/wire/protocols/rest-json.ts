import { noRoute } from "../bad-input.ts";
import { findRoute } from "../find-route.ts";
import { parseJson } from "../json-body.ts";
import { jsonMembersReader, jsonReader } from "../json-reader.ts";
import { jsonMembersWriter, jsonWriter } from "../json-writer.ts";
import { oncePer } from "../once-per.ts";
import { type BodyReader, restInput } from "../rest-input.ts";
import { type BodyWriter, restOutput } from "../rest-output.ts";
import type { Protocol } from "./protocol.ts";

const CONTENT_TYPE = "application/json";

const payloadReader = oncePer(jsonReader);
const membersReader = oncePer(jsonMembersReader);
const payloadWriter = oncePer(jsonWriter);
const membersWriter = oncePer(jsonMembersWriter);

const reader: BodyReader = {
  payload: (shape, body) => payloadReader(shape)(parseJson(body)),
  members: (members, body) => membersReader(members)(parseJson(body)),
};

const writer: BodyWriter = {
  contentType: CONTENT_TYPE,
  payload: (shape, value) => JSON.stringify(payloadWriter(shape)(value)),
  members: (_shape, members, value) => JSON.stringify(membersWriter(members)(value)),
};

/** https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export const restJson1: Protocol = {
  target(request, model) {
    const found = findRoute(model.operations.values(), request, request.path, false);
    if (!found) throw noRoute(request);
    return { name: found.operation.name, input: ({ input }) => restInput(input, request, found.labels, reader) };
  },

  output(output, operation) {
    const { status, headers, body } = restOutput(operation.output, output as Record<string, unknown>, writer);
    const code = status ?? operation.route?.status ?? 200;
    return { status: code, headers, body: code === 204 ? "" : body };
  },

  refusal: (refusal) => ({
    status: refusal.status,
    headers: { "content-type": CONTENT_TYPE, "x-amzn-errortype": refusal.code },
    body: JSON.stringify({ ...refusal.members, [refusal.messageMember]: refusal.message }),
  }),
};
