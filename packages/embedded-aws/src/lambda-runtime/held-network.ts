import type * as http from "node:http";
import type { Clock } from "../engine/clock/clock.ts";

type Network = Pick<typeof http, "request" | "get">;

/** `node:http` as a function in this thread gets it: time stands still until an answer has come. */
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
