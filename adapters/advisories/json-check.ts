import { FeedFailure } from "./feed-failure.ts";
import type { FeedLimits } from "./fetch-file.ts";

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];

/**
 * Scans JSON as a stream, before it is parsed, for its nesting depth and an upper bound of its values. A parser needs
 * about a hundred bytes per value.
 */
export class JsonCheck {
  readonly #file: string;
  readonly #limits: Pick<FeedLimits, "depth" | "elements">;
  #open = 0;
  #values = 1;
  #inText = false;
  #escaped = false;

  /** @throws FeedFailure `too-large`, from `update` */
  constructor(file: string, limits: Pick<FeedLimits, "depth" | "elements">) {
    this.#file = file;
    this.#limits = limits;
  }

  /** Earlier values have left memory: counting starts again. */
  start(): void {
    this.#values = 1;
  }

  update(bytes: Uint8Array): void {
    const { depth, elements } = this.#limits;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at]!;
      if (this.#escaped) this.#escaped = false;
      else if (this.#inText) {
        if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inText = false;
      } else if (byte === QUOTE) this.#inText = true;
      else if (byte === COMMA) this.#values += 1;
      else if (CLOSING.includes(byte)) this.#open -= 1;
      else if (OPENING.includes(byte)) {
        this.#values += 1;
        this.#open += 1;
        if (this.#open > depth) throw this.#tooLarge(`is nested more than ${depth} levels deep`);
      }
      if (this.#values > elements) throw this.#tooLarge(`has more than ${elements} values`);
    }
  }

  #tooLarge(found: string): FeedFailure {
    return new FeedFailure("too-large", this.#file, found);
  }
}
