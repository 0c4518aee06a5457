import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

/** An HTTP request of this process that has come to its end. */
export interface OutgoingRequest {
  readonly method: string;
  readonly host: string;
  /** Without the query, which may carry what is nobody's business. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  /** None where there was no answer. */
  readonly status?: number;
  readonly error?: Error;
}

interface Message {
  readonly request: ClientRequest;
  readonly response?: IncomingMessage;
  readonly error?: Error;
}

/** Tells of every HTTP request that Node makes, from now on, by its own diagnostics channels (Node, "http" there). */
export function followRequests(tell: (request: OutgoingRequest) => void): void {
  const starts = new WeakMap<ClientRequest, number>();
  const ended = (message: unknown) => {
    const { request, response, error } = message as Message;
    const start = starts.get(request);
    starts.delete(request);
    if (start === undefined) return;
    const { method, host, protocol } = request;
    const url = `${protocol}//${host}${request.path.split("?", 1)[0]}`;
    const status = response?.statusCode;
    tell({ method, host, url, start, end: Date.now(), ...(status && { status }), ...(error && { error }) });
  };
  subscribe("http.client.request.start", (message) => starts.set((message as Message).request, Date.now()));
  subscribe("http.client.response.finish", ended);
  subscribe("http.client.request.error", ended);
}
