import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerAdmin, isAdminPath } from "./admin/door.ts";
import { recordAws } from "./admin/records.ts";
import { linger } from "./engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "./engine/embedded-aws.ts";
import { setEndpoint } from "./engine/endpoint.ts";
import { refuseWebPage } from "./refuse-web-pages.ts";
import { answerLayer, isLayerPath } from "./services/ecr/layer-download.ts";
import { serveFunctionUrls, urlTarget } from "./services/lambda/function-url-address.ts";
import type { UrlResponse } from "./services/lambda/function-url-answer.ts";
import type { UrlRequest } from "./services/lambda/function-url-invocation.ts";
import { answerFunctionUrl } from "./services/lambda/function-url-server.ts";
import { answer } from "./wire/answer.ts";

export interface RunningServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/** Longer than an SDK keeps an idle connection: a connection that we close first fails the client's next request. */
const KEEP_ALIVE_MS = 75_000;

export interface ServerOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** How long virtual time stands still after an answer, for the client to go on; in real milliseconds. */
  readonly lingerMs?: number;
}

/**
 * Serves this AWS on 127.0.0.1, and only there: nobody is asked for a secret.
 * @throws Error naming the port when it is in use
 */
export async function startServer(aws: EmbeddedAws, options: ServerOptions): Promise<RunningServer> {
  const server = createServer((request, response) => {
    if (options.lingerMs) response.once("close", () => void linger(aws.clock, options.lingerMs ?? 0));
    void serve(aws, request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
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
    if (refused) return end(response, { ...refused, headers: { ...refused.headers, connection: "close" } });
    end(response, await doorOf(head)(aws, { ...head, body: await aws.clock.hold(bodyOf(request)) }));
  } catch (cause) {
    // The client went away while it was sending, or what it sent is no HTTP.
    response.destroy(cause instanceof Error ? cause : undefined);
  }
}

const end = (response: ServerResponse, { status, headers, body }: UrlResponse): void =>
  void response.writeHead(status, headers).end(body);

function doorOf(wanted: UrlRequest) {
  if (urlTarget(wanted)) return answerFunctionUrl;
  if (isLayerPath(wanted.path)) return answerLayer;
  return isAdminPath(wanted.path) ? answerAdmin : answer;
}

/** The request as far as it is known before its body arrives. */
function headOf(request: IncomingMessage): UrlRequest {
  const [path = "/", query = ""] = splitOnce(request.url ?? "/", "?");
  return {
    method: request.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    rawQuery: query,
    // Node joins what comes twice, but for Set-Cookie, which no client sends.
    headers: request.headers as Readonly<Record<string, string>>,
    body: new Uint8Array(),
  };
}

/** Leaner than a stream consumer: this is done for every request. */
function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", reject);
    request.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
  });
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** The server cannot listen where it should. `code` is the system's, e.g. EADDRINUSE. */
class CannotListen extends Error {
  override readonly name = "CannotListen";
  readonly code: string;

  constructor(cause: NodeJS.ErrnoException, port: number) {
    super(
      cause.code === "EADDRINUSE"
        ? `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or choose another port.`
        : `Cannot listen on 127.0.0.1:${port}: ${cause.message}`,
      { cause },
    );
    this.code = cause.code ?? "CANNOT_LISTEN";
  }
}
