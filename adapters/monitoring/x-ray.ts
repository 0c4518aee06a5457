import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

/** The trace of an invocation, and the parent segment of the invocation's own parts. */
export interface Trace {
  readonly root: string;
  readonly parent: string;
}

/** A part of a trace, with X-Ray's names (X-Ray developer guide, "Segment documents"). */
export interface Subsegment {
  readonly name: string;
  readonly id: string;
  readonly parent: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly annotations?: Readonly<Record<string, string | boolean>>;
  /** A call to another service. */
  readonly http?: { readonly method: string; readonly url: string; readonly status?: number };
  readonly error?: unknown;
}

/** 64 bits in hexadecimal digits. */
export const newSubsegmentId = (): string => randomBytes(8).toString("hex");

/** Parses a tracing header (`Root=1-...;Parent=...;Sampled=1`); undefined where the invocation is not sampled. */
export function readTraceHeader(header = ""): Trace | undefined {
  const fields = new Map(header.split(";").map((field) => field.split("=", 2) as [string, string]));
  const root = fields.get("Root");
  const parent = fields.get("Parent");
  return root && parent && fields.get("Sampled") === "1" ? { root, parent } : undefined;
}

let socket: Socket | undefined;

/**
 * Sends a subsegment to the X-Ray daemon that Lambda runs beside a traced function. Tracing must not cause failures:
 * lost datagrams are ignored.
 * @param daemon `<address>:<port>`, from Lambda's `AWS_XRAY_DAEMON_ADDRESS`
 */
export function sendSubsegment(daemon: string, trace: Trace, subsegment: Subsegment): Promise<void> {
  const colon = daemon.lastIndexOf(":");
  const message = `{"format":"json","version":1}\n${JSON.stringify(toDocument(trace, subsegment))}`;
  socket ??= createSocket("udp4").unref();
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.send(message, Number(daemon.slice(colon + 1)), daemon.slice(0, colon), () => resolve());
  return promise;
}

function toDocument({ root }: Trace, { name, id, parent, start, end, annotations, http, error }: Subsegment): object {
  const status = http?.status;
  return {
    type: "subsegment",
    trace_id: root,
    parent_id: parent,
    id,
    // X-Ray accepts 200 characters: letters, digits and these signs.
    name: name.replace(/[^\p{L}\p{N}\s_.:/%&#=+\-@]/gu, "").slice(0, 200),
    start_time: start / 1000,
    end_time: end / 1000,
    ...(annotations && { annotations }),
    ...(http && {
      namespace: "remote",
      http: { request: { method: http.method, url: http.url }, ...(status && { response: { status } }) },
    }),
    ...(status && { error: status >= 400 && status < 500, throttle: status === 429, fault: status >= 500 }),
    ...(error !== undefined && { fault: true, cause: { exceptions: [toException(error)] } }),
  };
}

/** A document has 64 KB at most. */
const toException = (error: unknown) => ({
  id: newSubsegmentId(),
  type: error instanceof Error ? error.name : typeof error,
  message: (error instanceof Error ? error.message : String(error)).slice(0, 2000),
});

/** A completed HTTP request of this process. */
export interface OutgoingRequest {
  readonly method: string;
  readonly host: string;
  /** Without the query, which may contain secrets. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  /** Absent without a response. */
  readonly status?: number;
  readonly error?: Error;
}

interface Message {
  readonly request: ClientRequest;
  readonly response?: IncomingMessage;
  readonly error?: Error;
}

/**
 * Calls `report` for every later HTTP request of Node, by its diagnostics channels (Node.js documentation,
 * "diagnostics_channel", "HTTP").
 */
export function followRequests(report: (request: OutgoingRequest) => void): void {
  const starts = new WeakMap<ClientRequest, number>();
  const ended = (message: unknown) => {
    const { request, response, error } = message as Message;
    const start = starts.get(request);
    starts.delete(request);
    if (start === undefined) return;
    const { method, host, protocol } = request;
    const url = `${protocol}//${host}${request.path.split("?", 1)[0]}`;
    const status = response?.statusCode;
    report({ method, host, url, start, end: Date.now(), ...(status && { status }), ...(error && { error }) });
  };
  subscribe("http.client.request.start", (message) => starts.set((message as Message).request, Date.now()));
  subscribe("http.client.response.finish", ended);
  subscribe("http.client.request.error", ended);
}
