import { constructStack } from "@smithy/core/client";
import { getSchemaSerdePlugin } from "@smithy/core/schema";
import { generateIdempotencyToken } from "@smithy/core/serde";
import { getSmithyContext, HttpRequest, type HttpResponse } from "@smithy/core/transport";
import type { DirectCall } from "../wire/direct/answer-directly.ts";
import type { DirectRequest, DirectResponse } from "../wire/direct/transport.ts";

export interface Args {
  readonly input: object;
  readonly request?: unknown;
}

/** What the SDK knows of a command while it is sent. */
export type Context = Parameters<typeof getSmithyContext>[0];

export type Handler = (args: Args) => Promise<{ readonly response: unknown; readonly output: object }>;

/** The configuration of a client of the SDK, as far as it is needed here. */
export type SdkConfig = Parameters<typeof getSchemaSerdePlugin>[0] & {
  readonly region: () => Promise<string>;
  readonly credentials: () => Promise<DirectCall["credentials"]>;
  readonly httpAuthSchemeProvider: (asked: object) => readonly AuthOption[];
};

interface AuthOption {
  readonly signingProperties?: Readonly<Partial<Record<"name" | "region" | "signingName" | "signingRegion", string>>>;
}

/** Stands where the SDK writes a request: the request carries the call instead. */
export function writeDirectly(config: SdkConfig, context: Context): (next: Handler) => Handler {
  const [, , operation] = getSmithyContext(context).operationSchema as [unknown, unknown, string];
  let scope: Pick<DirectCall, "service" | "region"> | undefined;
  return (next) => async (args) => {
    const credentials = await config.credentials();
    scope ??= scopeOf(config, operation, await config.region());
    const { input } = args;
    const call = { ...scope, operation, credentials, input, token: once(generateIdempotencyToken) };
    const direct: NonNullable<DirectRequest["direct"]> = { call, write: once(() => writeHttp(config, context, input)) };
    // What stands between here and the transport expects a request of HTTP.
    return next({ ...args, request: Object.assign(new HttpRequest({ method: "POST" }), { direct }) });
  };
}

/** Stands where the SDK reads a response: an answer with an output needs no reading. */
export function readDirectly(config: SdkConfig, context: Context): (next: Handler) => Handler {
  return (next) => async (args) => {
    const response = (await next(args)).response as DirectResponse;
    const { statusCode, headers, output } = response;
    if (!output) return readHttp(config, context, response);
    const requestId = headers["x-amzn-requestid"];
    const $metadata = { httpStatusCode: statusCode, requestId, extendedRequestId: undefined, cfId: undefined };
    return { response, output: Object.assign(output, { $metadata }) };
  };
}

/** What a signature of this call would name, as the client's own rules have it. */
function scopeOf(config: SdkConfig, operation: string, region: string): Pick<DirectCall, "service" | "region"> {
  const flags = { UseDualStack: false, UseFIPS: false };
  for (const { signingProperties } of config.httpAuthSchemeProvider({ operation, region, Region: region, ...flags })) {
    const service = signingProperties?.signingName ?? signingProperties?.name;
    if (service) return { service, region: signingProperties?.signingRegion ?? region };
  }
  throw new Error(`${operation} is signed by none of the client's schemes.`);
}

/** As the SDK itself would write the request, but for its address and signature. */
async function writeHttp(config: SdkConfig, context: Context, input: object): Promise<HttpRequest> {
  const stack = constructStack<object, object>();
  stack.use(getSchemaSerdePlugin(config) as never);
  stack.remove("deserializerMiddleware");
  const endpointV2 = { url: new URL("https://aws.invalid") };
  const write = stack.resolve((async ({ request }: Args) => request) as never, { ...context, endpointV2 } as never);
  return (await write({ input })) as unknown as HttpRequest;
}

/** As the SDK itself reads a response, errors included. */
function readHttp(config: SdkConfig, context: Context, response: HttpResponse): ReturnType<Handler> {
  const stack = constructStack<object, object>();
  stack.use(getSchemaSerdePlugin(config) as never);
  stack.remove("serializerMiddleware");
  const read = stack.resolve((async () => ({ response })) as never, context as never) as never as Handler;
  return read({ input: {} });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
