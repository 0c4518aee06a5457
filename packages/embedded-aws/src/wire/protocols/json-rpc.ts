import { AwsError } from "../../engine/aws-error.ts";
import { noRoute } from "../bad-input.ts";
import { parseJson } from "../json-body.ts";
import { jsonReader } from "../json-reader.ts";
import { jsonWriter } from "../json-writer.ts";
import { oncePer } from "../once-per.ts";
import type { OperationModel } from "../service-model.ts";
import type { Protocol } from "./protocol.ts";

const read = oncePer(({ input }: OperationModel) => jsonReader(input));
const write = oncePer(({ output }: OperationModel) => jsonWriter(output));

/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html: the operation stands in the header X-Amz-Target. */
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
      // Services without an output send nothing; SDKs take either.
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
