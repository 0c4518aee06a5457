import { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import xz from "xz-decompress";

/** The endings of file names that can be unpacked, the quickest to unpack first; the last is that of an unpacked file. */
export const packings = [".gz", ".zst", ".xz", ""] as const;
export type Packing = (typeof packings)[number];

/** Unpacks a file that lies in memory, a piece at a time: nothing is unpacked before it is asked for. */
export function unpack(packed: readonly Uint8Array[], packing: Packing): AsyncIterable<Uint8Array> {
  // Pipes, because nothing that comes from memory can fail; `compose` throws at nobody when its reader stops early.
  switch (packing) {
    case ".gz":
      return Readable.from(packed).pipe(createGunzip({ chunkSize: PIECE }));
    case ".zst":
      return Readable.from(packed).pipe(createZstdDecompress({ chunkSize: PIECE }));
    case ".xz":
      return new xz.XzReadableStream(ReadableStream.from(packed) as ReadableStream<Uint8Array>);
    case "":
      return Readable.from(packed);
  }
}

const PIECE = 64 * 1024;
