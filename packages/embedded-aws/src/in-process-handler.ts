import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type HttpRequest, HttpResponse } from "@smithy/core/transport";
import { answeredInTime } from "./engine/clock/standstill.ts";
import type { EmbeddedAws } from "./engine/embedded-aws.ts";
import { answerLayer, isLayerPath } from "./services/ecr/layer-download.ts";
import { urlTarget } from "./services/lambda/function-url-address.ts";
import type { UrlResponse } from "./services/lambda/function-url-answer.ts";
import type { UrlRequest } from "./services/lambda/function-url-invocation.ts";
import { answerFunctionUrl } from "./services/lambda/function-url-server.ts";
import { answer } from "./wire/answer.ts";
import { answerDirectly, scopeHeaders } from "./wire/direct/answer-directly.ts";
import type { DirectRequest, DirectResponse, Transport } from "./wire/direct/transport.ts";

/** A `requestHandler` for SDK clients: the same wire format, without a socket. */
export interface InProcessHandler {
  handle(request: DirectRequest): Promise<{ response: DirectResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

export const inProcessHandler = (aws: EmbeddedAws): InProcessHandler => ({
  handle: async (request) => ({ response: await answeredInTime(aws.clock, respond(aws, request)) }),
  updateHttpClientConfig() {},
  httpHandlerConfigs: () => ({}),
});

/** The same for functions in this thread, which may wait until the clock's owner lets time pass. */
export const functionTransport = (aws: EmbeddedAws): Transport => ({
  handle: async (request) => ({ response: await respond(aws, request) }),
});

async function respond(aws: EmbeddedAws, { direct, ...request }: DirectRequest): Promise<DirectResponse> {
  if (!direct) return answerHttp(aws, request);
  const answer = await answerDirectly(aws, direct.call);
  if (answer) return "output" in answer ? Object.assign(new HttpResponse(answer), answer) : httpResponse(answer);
  const written = await direct.write();
  return answerHttp(aws, { ...written, headers: { ...written.headers, ...scopeHeaders(direct.call) } });
}

type Request = Omit<HttpRequest, "clone">;

async function answerHttp(aws: EmbeddedAws, request: Request): Promise<HttpResponse> {
  const wanted = await wireRequest(request);
  const door = urlTarget(wanted) ? answerFunctionUrl : isLayerPath(wanted.path) ? answerLayer : answer;
  return httpResponse(await door(aws, wanted));
}

/** Its body is a stream, as S3's objects are read. */
function httpResponse({ status, headers, body }: UrlResponse): HttpResponse {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return new HttpResponse({ statusCode: status, headers: oneLine(headers), body: Readable.from([bytes]) });
}

async function wireRequest(request: Request): Promise<UrlRequest> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value ?? ""]) query.append(name, one);
  }
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    method: request.method,
    path: request.path,
    query,
    rawQuery: query.toString(),
    headers: { host: request.hostname, ...Object.fromEntries(headers) },
    body: await bytesOf(request.body),
  };
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === "string") return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  return buffer(body as Readable);
}

/** This kind of response has one line for each header name. */
const oneLine = (headers: Readonly<Record<string, string | string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
