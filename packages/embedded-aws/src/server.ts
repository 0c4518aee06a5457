import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerAdmin, isAdminPath } from "./admin/door.ts";
import { recordAws } from "./admin/records.ts";
import type { Clock } from "./engine/clock/clock.ts";
import { afterRealTime } from "./engine/clock/real-time.ts";
import { answeredInTime } from "./engine/clock/standstill.ts";
import { linger } from "./engine/clock/virtual-clock.ts";
import { type EmbeddedAws, setEndpoint } from "./engine/embedded-aws.ts";
import { AwsError } from "./engine/operation.ts";
import { answerLayer, isLayerPath } from "./services/ecr/layer-download.ts";
import { findByUrl, isFunctionHost, serveFunctionUrls, urlTarget } from "./services/lambda/function-url-address.ts";
import { corsHeaders, type UrlResponse } from "./services/lambda/function-url-answer.ts";
import type { UrlRequest } from "./services/lambda/function-url-invocation.ts";
import { answerFunctionUrl } from "./services/lambda/function-url-server.ts";
import { answer, refuseUnread } from "./wire/answer.ts";
import type { WireResponse } from "./wire/message.ts";
import { BodyReader, bodyLimit } from "./wire/request-body.ts";
import { isBucketHost } from "./wire/routes.ts";

export interface RunningServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/** Longer than an SDK keeps an idle connection: if the server closed it first, the client's next request would fail. */
const KEEP_ALIVE_MS = 75_000;

/** On this machine a body of any allowed size arrives within this time; in real milliseconds. */
const ARRIVAL_MS = 500;

/** Timeout for a request's head, and for the whole request; in real milliseconds. */
const HEAD_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 60_000;

/** Limit for all arriving bodies together, in bytes. */
const MOST_MEMORY = 512 * 2 ** 20;

const OPTIONS = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  headersTimeout: HEAD_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 5_000,
  // A presigned URL with a session token is long.
  maxHeaderSize: 16 * 1024,
} as const;

export interface ServerOptions {
  /** 0 chooses a free port. */
  readonly port: number;
  /** How long virtual time stands still after an answer, so that the client can continue; in real milliseconds. */
  readonly lingerMs?: number;
}

/**
 * Serves this AWS on 127.0.0.1 only, because it does not check credentials.
 * @throws Error naming the port if it is in use
 */
export async function startServer(aws: EmbeddedAws, options: ServerOptions): Promise<RunningServer> {
  const server = createServer(OPTIONS, (request, response) => {
    if (options.lingerMs) response.once("close", () => void linger(aws.clock, options.lingerMs ?? 0));
    void serve(aws, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(new CannotListen(cause, options.port)));
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  setEndpoint(aws, url);
  serveFunctionUrls(aws, url);
  recordAws(aws);
  return {
    url,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function serve(aws: EmbeddedAws, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const head = headOf(request);
    const refused = refuseWebPage(aws, head);
    if (refused) return end(response, refused);
    const body = bodies.read(request, head, bodyLimit(head, isAdminPath(head.path)));
    await whileArriving(aws.clock, body);
    end(response, await doorOf(head)(aws, { ...head, body: await body }));
  } catch (cause) {
    if (cause instanceof AwsError) return end(response, refuseUnread(aws, headOf(request), cause));
    // The client disconnected while sending, or did not send HTTP.
    response.destroy(cause instanceof Error ? cause : undefined);
  }
}

const end = (response: ServerResponse, { status, headers, body }: UrlResponse): void =>
  void response.writeHead(status, headers).end(body);

function doorOf(wanted: UrlRequest) {
  if (urlTarget(wanted)) return inTime(answerFunctionUrl);
  if (isLayerPath(wanted.path)) return answerLayer;
  return isAdminPath(wanted.path) ? answerAdmin : inTime(answer);
}

type Door = (aws: EmbeddedAws, wanted: UrlRequest) => Promise<UrlResponse>;

const inTime =
  (door: Door): Door =>
  (aws, wanted) =>
    answeredInTime(aws.clock, door(aws, wanted));

const bodies = new BodyReader(MOST_MEMORY);

/** Virtual time stands still while a body arrives, but not forever if a client never completes it. */
function whileArriving(clock: Clock, body: Promise<unknown>): Promise<void> {
  return clock.hold(
    new Promise((resolve) => {
      const cancel = afterRealTime(ARRIVAL_MS, resolve);
      const arrived = (): void => {
        cancel();
        resolve();
      };
      body.then(arrived, arrived);
    }),
  );
}

/** The request without its body. */
function headOf(request: IncomingMessage): UrlRequest {
  const [path = "/", query = ""] = splitOnce(request.url ?? "/", "?");
  return {
    method: request.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    rawQuery: query,
    // Node joins repeated headers, except Set-Cookie, which no client sends.
    headers: request.headers as Readonly<Record<string, string>>,
    body: new Uint8Array(),
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** The server cannot listen on its port. `code` is the system's, e.g. EADDRINUSE. */
class CannotListen extends Error {
  override readonly name = "CannotListen";
  readonly code: string;

  constructor(cause: NodeJS.ErrnoException, port: number) {
    super(
      cause.code === "EADDRINUSE"
        ? `Port ${port} on 127.0.0.1 is in use. Stop the program that uses it, or choose another port.`
        : `Cannot listen on 127.0.0.1:${port}: ${cause.message}`,
      { cause },
    );
    this.code = cause.code ?? "CANNOT_LISTEN";
  }
}

/**
 * A 12-digit access key is an account's root user, and functions run code on this machine. A page in a browser can
 * reach 127.0.0.1, and needs no permission to submit a form or JSON sent as text. So the server refuses requests that
 * browsers mark as a page's (Fetch standard, "Origin header"; W3C, "Fetch Metadata Request Headers"), and host names
 * that an attacker's DNS can point at 127.0.0.1. SDKs and command lines send neither.
 * @returns the refusal; undefined for a program's request
 */
function refuseWebPage(aws: EmbeddedAws, request: UrlRequest): WireResponse | undefined {
  const message = wrongHost(request) ?? fromPage(aws, request);
  if (message === undefined) return undefined;
  return refuseUnread(aws, request, new AwsError("Forbidden", message, { status: 403 }));
}

/** Names that always resolve to this machine (RFC 6761, 6.3). */
const LOOPBACK = /^(?:(?:[a-z0-9_-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

function wrongHost({ headers }: UrlRequest): string | undefined {
  const { host = "" } = headers;
  if (LOOPBACK.test(host) || isFunctionHost(host) || isBucketHost(host)) return undefined;
  return `The embedded AWS only serves 127.0.0.1, localhost and names under localhost, not the host "${host.slice(0, 100)}".`;
}

/** `none`: an address that the user opened. */
function fromPage(aws: EmbeddedAws, request: UrlRequest): string | undefined {
  const { origin, "sec-fetch-site": site = "none" } = request.headers;
  if (origin === undefined && site === "none") return undefined;
  if (urlTarget(request) && mayAskFunction(aws, request)) return undefined;
  const from = origin === undefined ? `Sec-Fetch-Site: ${site}` : `Origin: ${origin}`;
  return `The embedded AWS accepts no requests from web pages (${from.slice(0, 200)}).`;
}

/** A function's URL serves pages: its own, and those of the origins in its CORS configuration. */
function mayAskFunction(aws: EmbeddedAws, request: UrlRequest): boolean {
  const { origin, host, "sec-fetch-site": site } = request.headers;
  if (origin === undefined) return site === "same-origin";
  if (origin === `http://${host}`) return true;
  const cors = findByUrl(aws, urlTarget(request)?.id ?? "")?.url.cors;
  return corsHeaders(cors, request)["access-control-allow-origin"] !== undefined;
}
