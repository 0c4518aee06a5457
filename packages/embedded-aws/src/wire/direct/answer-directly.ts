import { credentialsOf } from "../../authorization/credentials.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { findService, loadedService } from "../../engine/find-service.ts";
import { answerHeaders, refuse, whileCarriedOut } from "../answer.ts";
import { PROTOCOL } from "../choose-protocol.ts";
import type { WireRequest, WireResponse } from "../message.ts";
import { loadedModel, type OperationModel, type ServiceModel, serviceModel } from "../service-model.ts";
import { copied, DIRECT } from "./direct-message.ts";

/** A client's call in this process, neither signed nor written as HTTP. */
export interface DirectCall {
  /** Signing name. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly sessionToken?: string | undefined };
  readonly input: object;
  /** Generates an idempotency token for an input without one. */
  readonly token: () => string;
}

/** The output as the client's own object, with the HTTP response's metadata. */
interface DirectAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly output: object;
}

interface Model {
  readonly service: ServiceModel;
  readonly operation: OperationModel;
}

/**
 * Answers a call as `answer` would answer its request; the protocol's changes to values are applied to copies. Errors,
 * and outputs that only the wire can carry, are answered as HTTP. Undefined: the call itself must use the wire. Never
 * rejects.
 */
export async function answerDirectly(
  aws: EmbeddedAws,
  call: DirectCall,
): Promise<DirectAnswer | WireResponse | undefined> {
  const model = await modelOf(aws, call);
  const direct = model && DIRECT[model.service.protocol](model.operation);
  const input = copied(direct?.input, call.input, call.token);
  if (!model || !input) return undefined;
  const requestId = aws.uuid();
  const answer = await respond(aws, call, { model, input, requestId });
  const headers = answerHeaders(aws, requestId);
  if ("status" in answer) return { ...answer, headers: { ...headers, ...answer.headers } };
  const output = copied(direct?.output, answer.output, call.token);
  if (output) return { statusCode: model.operation.route?.status ?? 200, headers, output };
  const written = PROTOCOL[model.service.protocol].output(answer.output, model.operation, model.service, requestId);
  return { ...written, headers: { ...headers, ...written.headers } };
}

/** Undefined if the operation does not exist: the wire reports it. */
async function modelOf(aws: EmbeddedAws, call: DirectCall): Promise<Model | undefined> {
  const service = loadedService(aws, call.service) ?? (await aws.clock.hold(findService(aws, call.service)));
  if (!service || !Object.hasOwn(service.operations, call.operation)) return undefined;
  const model = loadedModel(service) ?? (await aws.clock.hold(serviceModel(service)));
  const operation = model.operations.get(call.operation);
  return operation && { service: model, operation };
}

interface Asked {
  readonly model: Model;
  readonly input: object;
  readonly requestId: string;
}

async function respond(
  aws: EmbeddedAws,
  call: DirectCall,
  { model, input, requestId }: Asked,
): Promise<{ output: object } | WireResponse> {
  const { service, operation, region, credentials } = call;
  let called = false;
  try {
    const principal = credentialsOf(aws).principal(credentials.accessKeyId, credentials.sessionToken);
    called = true;
    const work = aws.call<object | undefined>(service, operation, input, { principal, region });
    return { output: (await whileCarriedOut(aws, service, operation, work)) ?? {} };
  } catch (error) {
    const { protocol } = model.service;
    return refuse(aws, error, {
      request: asRequest(call),
      model: model.service,
      protocol,
      operation,
      called,
      requestId,
    });
  }
}

/** The caller's scope without a signature, since none is checked. */
export function scopeHeaders({ credentials, region, service }: DirectCall): Record<string, string> {
  const { accessKeyId, sessionToken } = credentials;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20000101/${region}/${service}/aws4_request`,
    ...(sessionToken && { "x-amz-security-token": sessionToken }),
  };
}

const asRequest = (call: DirectCall): WireRequest => ({
  method: "POST",
  path: "/",
  query: new URLSearchParams(),
  // SDK clients of services that once used query request query's error codes.
  headers: { ...scopeHeaders(call), "x-amzn-query-mode": "true" },
  body: new Uint8Array(),
});
