import { AwsError } from "../../engine/operation.ts";
import { jsonMembersReader, jsonMembersWriter, jsonReader, jsonWriter, parseJson } from "../json.ts";
import { noRoute } from "../message.ts";
import { type BodyReader, type BodyWriter, restInput, restOutput } from "../rest.ts";
import { findRoute } from "../routes.ts";
import type { OperationModel } from "../service-model.ts";
import { oncePer } from "../shape.ts";
import type { Protocol } from "./protocol.ts";

const read = oncePer(({ input }: OperationModel) => jsonReader(input));

const write = oncePer(({ output }: OperationModel) => jsonWriter(output));

/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html: the header X-Amz-Target contains the operation. */
const jsonRpc = (version: "1.0" | "1.1"): Protocol => {
  const contentType = `application/x-amz-json-${version}`;
  return {
    target(request) {
      if (request.method !== "POST") throw noRoute(request);
      const [, name] = /^[\w.-]*?\.?([A-Za-z]\w*)$/.exec(request.headers["x-amz-target"] ?? "") ?? [];
      if (!name)
        throw new AwsError("UnknownOperationException", "The header X-Amz-Target names no operation.", { status: 400 });
      return { name, input: (operation) => read(operation)(parseJson(request.body)) as object };
    },

    output: (output, operation) => ({
      status: 200,
      headers: { "content-type": contentType },
      // Operations without output send an empty body; SDKs accept both.
      body: operation.output.isUnitSchema() ? "" : JSON.stringify(write(operation)(output)),
    }),

    refusal(refusal, request, model) {
      const type =
        version === "1.0" && model?.errors.has(refusal.code) ? `${model.namespace}#${refusal.code}` : refusal.code;
      const headers: Record<string, string> = { "content-type": contentType };
      if (model?.queryCompatible && request.headers["x-amzn-query-mode"] === "true") {
        headers["x-amzn-query-error"] = `${refusal.queryCode};${refusal.fault}`;
      }
      const body = JSON.stringify({ ...refusal.members, __type: type, [refusal.messageMember]: refusal.message });
      return { status: refusal.status, headers, body };
    },
  };
};

export const awsJson1_0 = jsonRpc("1.0");

export const awsJson1_1 = jsonRpc("1.1");

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
