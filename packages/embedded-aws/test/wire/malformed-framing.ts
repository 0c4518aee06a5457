import { authorization } from "./malformed-messages.ts";

/** Bytes that no HTTP client sends, each for a separate socket. The writing end is closed after them. */
export const BROKEN_FRAMING: Readonly<Record<string, (service: string) => string>> = {
  "length is not a number": (service) => post(service, ["Content-Length: many"], "{}"),
  "length is negative": (service) => post(service, ["Content-Length: -5"], "{}"),
  "two lengths": (service) => post(service, ["Content-Length: 2", "Content-Length: 3"], "{}"),
  "length and chunks": (service) => post(service, ["Content-Length: 2", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
  "body is too short": (service) => post(service, ["Content-Length: 100"], "{}"),
  "chunk has no size": (service) => post(service, ["Transfer-Encoding: chunked"], "zz\r\n{}\r\n0\r\n\r\n"),
  "chunk is too short": (service) => post(service, ["Transfer-Encoding: chunked"], "ff\r\n{}"),
  "no host": (service) => `POST / HTTP/1.1\r\nAuthorization: ${authorization(service)}\r\nContent-Length: 0\r\n\r\n`,
  "no such version": () => "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
  "no such method": () => "FROBNICATE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "no HTTP": () => "\u0016\u0003\u0001\u0000\u0005hello\r\n\r\n",
  "header without a colon": (service) => post(service, ["Nonsense", "Content-Length: 0"], ""),
  "header with a zero byte": (service) => post(service, ["X-A: a\u0000b", "Content-Length: 0"], ""),
  "headers too long": (service) => post(service, [`X-A: ${"a".repeat(20_000)}`, "Content-Length: 0"], ""),
  "head is cut off": () => "POST / HTTP/1.1\r\nHost: loc",
};

const post = (service: string, headers: readonly string[], body: string): string =>
  [
    "POST / HTTP/1.1",
    "Host: localhost",
    `Authorization: ${authorization(service)}`,
    "X-Amz-Target: Any.ListTags",
    ...headers,
    "",
    body,
  ].join("\r\n");
