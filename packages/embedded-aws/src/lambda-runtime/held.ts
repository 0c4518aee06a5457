import type * as http from "node:http";
import type { Transform } from "node:stream";
import type * as zlib from "node:zlib";
import { HttpRequest } from "@smithy/core/transport";
import type { Clock } from "../engine/clock/clock.ts";
import type { Transport } from "../wire/direct/transport.ts";

/**
 * `fetch` for a function in this thread: time stands still until the network has answered. Requests to this AWS need no
 * socket and do not hold time, because the AWS may answer slowly or kill the function.
 * @param endpoint where this AWS is, as its own URLs begin
 */
export function heldFetch(clock: Clock, transport: Transport, endpoint: () => string | undefined): typeof fetch {
  return (...asked) => {
    const { url, method, headers } = new Request(...asked);
    const here = endpoint();
    const isOurs = here !== undefined && url.startsWith(`${here}/`);
    return isOurs && method === "GET" ? fetchHere(new URL(url), headers) : clock.hold(fetch(...asked));
  };

  async function fetchHere(url: URL, headers: Headers): Promise<Response> {
    const request = new HttpRequest({
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(headers),
    });
    const { response } = await transport.handle(request);
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body as AsyncIterable<Uint8Array>) pieces.push(piece);
    return new Response(Buffer.concat(pieces), { status: response.statusCode, headers: response.headers });
  }
}

type Network = Pick<typeof http, "request" | "get">;

/** `node:http` for a function in this thread: time stands still until the answer arrives. */
export function heldNetwork<T extends Network>(clock: Clock, network: T): T {
  const held = (request: http.ClientRequest): http.ClientRequest => {
    const closed = new Promise<void>((resolve) => request.once("close", resolve));
    void clock.hold(closed);
    return request;
  };
  return {
    ...network,
    request: (...given: Parameters<typeof http.request>) => held(network.request(...given)),
    get: (...given: Parameters<typeof http.get>) => held(network.get(...given)),
  };
}

type Zlib = typeof zlib;

/** Streams that decompress in Node's own threads. */
const UNPACKERS = [
  "createGunzip",
  "createInflate",
  "createUnzip",
  "createBrotliDecompress",
  "createZstdDecompress",
] as const;

/** `node:zlib` for a function in this thread: time stands still while a stream decompresses. */
export function heldCompression(clock: Clock, zlib: Zlib): Zlib {
  const held =
    <Given extends unknown[]>(make: (...given: Given) => Transform) =>
    (...given: Given): Transform => {
      const stream = make(...given);
      void clock.hold(new Promise<void>((resolve) => stream.once("close", () => resolve())));
      return stream;
    };
  return { ...zlib, ...Object.fromEntries(UNPACKERS.map((name) => [name, held(zlib[name])])) };
}
