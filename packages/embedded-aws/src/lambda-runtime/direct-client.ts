import { constructStack } from "@smithy/core/client";
import { retryMiddleware, retryMiddlewareOptions } from "@smithy/core/retry";
import { deserializerMiddlewareOption, getSchemaSerdePlugin, serializerMiddlewareOption } from "@smithy/core/schema";
import { generateIdempotencyToken } from "@smithy/core/serde";
import { getSmithyContext, HttpRequest, type HttpResponse } from "@smithy/core/transport";
import type { DirectCall } from "../wire/direct/answer-directly.ts";
import type { DirectRequest, DirectResponse, Transport } from "../wire/direct/transport.ts";

type Stack = ReturnType<typeof constructStack<object, object>>;

/** An SDK client, as far as needed here. */
export interface SdkClient {
  readonly middlewareStack: Stack;
  readonly config: SdkConfig & { readonly serviceId?: string };
}

/** An SDK command; a document client's command contains another. */
export interface SdkCommand {
  readonly input: object;
  readonly clientCommand?: SdkCommand;
  readonly middlewareStack: Pick<Stack, "identify">;
  resolveMiddleware(stack: Stack, config: unknown, options: unknown): unknown;
}

/** Middleware that prepares, signs and logs HTTP requests, by its step. */
const HTTP_ONLY = {
  initialize: ["loggerMiddleware"],
  serialize: ["endpointV2Middleware", "httpAuthSchemeMiddleware"],
  build: ["contentLengthMiddleware", "getUserAgentMiddleware", "hostHeaderMiddleware", "recursionDetectionMiddleware"],
  finalizeRequest: ["httpSigningMiddleware"],
} as const;

const RETRIES = "retryMiddleware";

/** A no-op that keeps the name, because other middleware may be placed relative to it. */
const passThrough = <Next>(next: Next): Next => next;

/** Whether other middleware than the SDK's own deserializer reads responses. */
const readsResponses = (stack: Stack): boolean =>
  stack.identify().some((one) => one.endsWith(" - deserialize") && !one.startsWith("deserializerMiddleware "));

/** Of one client, by command class. */
type Kept = Map<unknown, Handler | undefined>;

const CHANGES = ["add", "addRelativeTo", "use", "remove", "removeByTag"] as const;

/**
 * Sends a client's commands without HTTP, with the client's own retries and added middleware. The stack is built once
 * for each kind of command until it changes.
 */
export class DirectSender {
  readonly #transport: Transport;
  readonly #handlers = new WeakMap<object, Kept>();
  readonly #watched = new WeakMap<Stack, Set<Kept>>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Undefined: the request must use HTTP. S3's objects are streams and its buckets have host names; some middleware
   * reads the bytes of responses.
   */
  send(client: SdkClient, command: SdkCommand, options?: unknown): Promise<object> | undefined {
    if (client.config.serviceId === "S3") return undefined;
    const usual = options === undefined && command.middlewareStack.identify().length === 0;
    const handler = usual ? this.#known(client, command) : this.#resolve(client, command, options);
    return handler?.(command.clientCommand ?? command).then(({ output }) => output);
  }

  #known(client: SdkClient, command: SdkCommand): Handler | undefined {
    const kept = this.#handlers.get(client) ?? this.#watch(client);
    if (!kept.has(command.constructor)) kept.set(command.constructor, this.#resolve(client, command, undefined));
    return kept.get(command.constructor);
  }

  #watch(client: SdkClient): Kept {
    const stack = client.middlewareStack;
    const kept: Kept = new Map();
    const dependents = this.#watched.get(stack) ?? this.#forgetOnChange(stack);
    this.#handlers.set(client, kept);
    dependents.add(kept);
    return kept;
  }

  #forgetOnChange(stack: Stack): Set<Kept> {
    const dependents = new Set<Kept>();
    for (const name of CHANGES) {
      const change = stack[name] as (...given: unknown[]) => unknown;
      const changeAndForget = (...given: unknown[]): unknown => {
        for (const kept of dependents) kept.clear();
        return change(...given);
      };
      Object.assign(stack, { [name]: changeAndForget });
    }
    this.#watched.set(stack, dependents);
    return dependents;
  }

  #resolve({ middlewareStack, config }: SdkClient, command: SdkCommand, options: unknown): Handler | undefined {
    let handler: Handler | undefined;
    // A command adds to its client's stack before it resolves it; a document client's command does so twice.
    const direct = (stack: Stack): Stack => ({
      ...stack,
      concat: ((from: Stack) => direct(stack.concat(from))) as never,
      resolve: (_send: unknown, context: Context): never => {
        if (readsResponses(stack)) return undefined as never;
        for (const [step, names] of Object.entries(HTTP_ONLY)) {
          for (const name of names) if (stack.remove(name)) stack.add(passThrough, { name, step } as never);
        }
        if (stack.remove(RETRIES)) {
          stack.add(retryDirectly(config) as never, retryMiddlewareOptions as never);
        }
        stack.add(writeDirectly(config, context) as never, serializerMiddlewareOption);
        stack.add(readDirectly(config, context) as never, deserializerMiddlewareOption);
        const send = ({ request }: Args) => this.#transport.handle(request as DirectRequest);
        handler = stack.resolve(send as never, context) as never;
        return handler as never;
      },
    });
    command.resolveMiddleware(direct(middlewareStack), config, options);
    return handler;
  }
}

interface Args {
  readonly input: object;
  readonly request?: unknown;
}

interface Answered {
  readonly $metadata: object;
}

/** The SDK's data about a command while it is sent. */
type Context = Parameters<typeof getSmithyContext>[0];

type Handler = (args: Args) => Promise<{ readonly response: unknown; readonly output: object }>;

/** An SDK client's configuration, as far as needed here. */
type SdkConfig = Parameters<typeof getSchemaSerdePlugin>[0] & {
  readonly region: () => Promise<string>;
  readonly credentials: () => Promise<DirectCall["credentials"]>;
  readonly httpAuthSchemeProvider: (asked: object) => readonly AuthOption[];
};

interface AuthOption {
  readonly signingProperties?: Readonly<Partial<Record<"name" | "region" | "signingName" | "signingRegion", string>>>;
}

/** Replaces the SDK's serializer: the request carries the call instead. */
function writeDirectly(config: SdkConfig, context: Context): (next: Handler) => Handler {
  const [, , operation] = getSmithyContext(context).operationSchema as [unknown, unknown, string];
  let scope: Pick<DirectCall, "service" | "region"> | undefined;
  return (next) => async (args) => {
    const credentials = await config.credentials();
    scope ??= scopeOf(config, operation, await config.region());
    const { input } = args;
    const call = { ...scope, operation, credentials, input, token: once(generateIdempotencyToken) };
    const direct: NonNullable<DirectRequest["direct"]> = { call, write: once(() => writeHttp(config, context, input)) };
    // Middleware between here and the transport expects an HTTP request.
    return next({ ...args, request: Object.assign(new HttpRequest({ method: "POST" }), { direct }) });
  };
}

/** Configurations of clients whose requests were repeated: each later success counts for their quota of retries. */
const repeated = new WeakSet<SdkConfig>();

/**
 * Replaces the SDK's retries: they begin with the outcome of the first attempt, and only if it failed. What they do
 * before it, such as headers that number the attempts, is for the wire.
 */
function retryDirectly(config: SdkConfig): (next: Handler, context: Context) => Handler {
  const retry = retryMiddleware(config as never) as unknown as (next: Handler, context: Context) => Handler;
  return (next, context) => async (args) => {
    if (repeated.has(config)) return retry(next, context)(args);
    const first = next(args);
    try {
      const answered = await first;
      Object.assign((answered.output as Answered).$metadata, { attempts: 1, totalRetryDelay: 0 });
      return answered;
    } catch {
      let attempts = 0;
      const again = (given: Args) => {
        if (attempts++ === 0) return first;
        repeated.add(config);
        return next(given);
      };
      return retry(again, context)(args);
    }
  };
}

/** Replaces the SDK's deserializer: a direct answer needs no parsing. */
function readDirectly(config: SdkConfig, context: Context): (next: Handler) => Handler {
  return (next) => async (args) => {
    const response = (await next(args)).response as DirectResponse;
    const { statusCode, headers, output } = response;
    if (!output) return readHttp(config, context, response);
    const requestId = headers["x-amzn-requestid"];
    const $metadata = { httpStatusCode: statusCode, requestId, extendedRequestId: undefined, cfId: undefined };
    return { response, output: Object.assign(output, { $metadata }) };
  };
}

/** The scope that a signature of this call would name, by the client's own rules. */
function scopeOf(config: SdkConfig, operation: string, region: string): Pick<DirectCall, "service" | "region"> {
  const flags = { UseDualStack: false, UseFIPS: false };
  for (const { signingProperties } of config.httpAuthSchemeProvider({ operation, region, Region: region, ...flags })) {
    const service = signingProperties?.signingName ?? signingProperties?.name;
    if (service) return { service, region: signingProperties?.signingRegion ?? region };
  }
  throw new Error(`${operation} does not match any auth scheme of the client.`);
}

/** Writes the request as the SDK would, except its address and signature. */
async function writeHttp(config: SdkConfig, context: Context, input: object): Promise<HttpRequest> {
  const stack = constructStack<object, object>();
  stack.use(getSchemaSerdePlugin(config) as never);
  stack.remove("deserializerMiddleware");
  const endpointV2 = { url: new URL("https://aws.invalid") };
  const write = stack.resolve((async ({ request }: Args) => request) as never, { ...context, endpointV2 } as never);
  return (await write({ input })) as unknown as HttpRequest;
}

/** Reads a response as the SDK would, including errors. */
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
