import type { Transform } from "node:stream";
import type * as zlib from "node:zlib";
import type { Clock } from "../engine/clock/clock.ts";

type Zlib = typeof zlib;

/** Streams that unpack in threads of Node's own. */
const UNPACKERS = [
  "createGunzip",
  "createInflate",
  "createUnzip",
  "createBrotliDecompress",
  "createZstdDecompress",
] as const;

/** `node:zlib` as a function in this thread gets it: time stands still until what it unpacks as a stream is unpacked. */
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
