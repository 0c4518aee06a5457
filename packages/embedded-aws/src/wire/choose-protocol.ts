import type { WireRequest } from "./message.ts";
import { ec2Query } from "./protocols/ec2-query.ts";
import { awsJson1_0, awsJson1_1, restJson1 } from "./protocols/json.ts";
import type { Protocol } from "./protocols/protocol.ts";
import { awsQuery } from "./protocols/query.ts";
import { restXml } from "./protocols/rest-xml.ts";
import type { ProtocolName, ServiceModel } from "./service-model.ts";

export const PROTOCOL: Readonly<Record<ProtocolName, Protocol>> = {
  awsJson1_0,
  awsJson1_1,
  awsQuery,
  ec2Query,
  restJson1,
  restXml,
};

/** Clients older than their service's JSON protocol (SQS, CloudWatch) still use query. */
export function chooseProtocol(request: WireRequest, model: ServiceModel): ProtocolName {
  const json = request.headers["x-amz-target"] !== undefined;
  return model.protocol.startsWith("awsJson") && model.queryCompatible && !json && isForm(request)
    ? "awsQuery"
    : model.protocol;
}

/** Guesses the protocol of a request whose service is unknown from its form. */
export function guessProtocol(request: WireRequest): ProtocolName {
  if (request.headers["x-amz-target"] !== undefined) {
    return request.headers["content-type"] === "application/x-amz-json-1.0" ? "awsJson1_0" : "awsJson1_1";
  }
  return isForm(request) ? "awsQuery" : "restJson1";
}

const isForm = (request: WireRequest): boolean =>
  request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true ||
  request.query.has("Action");
