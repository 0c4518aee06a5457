import { HttpRequest } from "@smithy/core/transport";
import type { Clock } from "../engine/clock/clock.ts";
import type { Transport } from "../wire/direct/transport.ts";

/**
 * `fetch` as a function in this thread gets it: time stands still until the network has answered. Addresses at the AWS
 * around it need no socket, and that AWS says itself what takes time: it may be slow, or whoever asks be killed.
 * @param endpoint where this AWS is, as its own URLs begin
 */
export function heldFetch(clock: Clock, transport: Transport, endpoint: string | undefined): typeof fetch {
  return (...asked) => {
    const { url, method, headers } = new Request(...asked);
    const isOurs = endpoint !== undefined && url.startsWith(`${endpoint}/`);
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
