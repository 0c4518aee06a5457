import { createHash, type Hash } from "node:crypto";
import { FeedFailure } from "./feed-failure.ts";

/** What a file's bytes must be. */
export interface Expected {
  /** `sha256`, `sha384` or `sha512`; older ones no longer prove anything. */
  readonly algorithm: string;
  readonly hex: string;
  readonly size?: number;
}

const ALGORITHMS = ["sha256", "sha384", "sha512"];

/**
 * Counts and hashes the pieces of a file that pass by.
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
