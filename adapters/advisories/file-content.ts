import { createHash, type Hash } from "node:crypto";
import { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import xz from "xz-decompress";
import { FeedFailure } from "./feed-failure.ts";

/** The expected content of a file. */
export interface Expected {
  /** `sha256`, `sha384` or `sha512`; older algorithms are not secure. */
  readonly algorithm: string;
  readonly hex: string;
  readonly size?: number;
}

const ALGORITHMS = ["sha256", "sha384", "sha512"];

/**
 * Counts and hashes the pieces of a file.
 * @throws FeedFailure from `end`: `unknown-format`, `truncated`, `checksum-mismatch`
 */
export class Checksum {
  readonly #file: string;
  readonly #expected: Expected;
  readonly #hash: Hash;
  #size = 0;

  /** @param what in messages: "as it came", "unpacked" */
  constructor(file: string, expected: Expected) {
    if (!ALGORITHMS.includes(expected.algorithm)) {
      const known = ALGORITHMS.join(", ");
      throw new FeedFailure("unknown-format", file, `listed with a ${expected.algorithm} checksum; known are ${known}`);
    }
    this.#file = file;
    this.#expected = expected;
    this.#hash = createHash(expected.algorithm);
  }

  update(piece: Uint8Array): void {
    this.#size += piece.byteLength;
    this.#hash.update(piece);
  }

  end(what: string): void {
    const { algorithm, hex, size } = this.#expected;
    if (size !== undefined && this.#size < size) {
      throw new FeedFailure("truncated", this.#file, `${what} ${this.#size} bytes, listed with ${size}`);
    }
    const found = this.#hash.digest("hex");
    if (found === hex.toLowerCase()) return;
    throw new FeedFailure("checksum-mismatch", this.#file, `${what} has ${algorithm} ${found}, listed with ${hex}`);
  }
}

/** Supported file extensions, fastest to decompress first; the last is for uncompressed files. */
export const packings = [".gz", ".zst", ".xz", ""] as const;

export type Packing = (typeof packings)[number];

/** Decompresses a file in memory piece by piece, on demand. */
export function unpack(packed: readonly Uint8Array[], packing: Packing): AsyncIterable<Uint8Array> {
  // Pipes: a source in memory cannot fail, and `compose` throws an unhandled error when its reader stops early.
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
