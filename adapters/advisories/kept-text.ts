import { FeedFailure } from "./feed-failure.ts";

/** What the longest of real names, versions and ids stays far below, in characters. */
const LONGEST = 1_000;

/** What one text takes beside its characters, with the object that it is kept in. */
const OVERHEAD = 64;

/**
 * What is kept of a feed until it was read whole: names, versions, ids. It bounds the memory that a feed can take, however
 * many advisories concern what is installed.
 */
export class KeptText {
  readonly #file: string;
  readonly #limit: number;
  #size = 0;

  /** @param limit characters, with some for each text */
  constructor(file: string, limit: number) {
    this.#file = file;
    this.#limit = limit;
  }

  /**
   * A copy: a part of a longer string would keep that one in memory.
   * @throws FeedFailure `too-large`
   */
  keep(text: string): string {
    if (text.length > LONGEST) throw this.#tooLarge(`a name, version or id of more than ${LONGEST} characters`);
    this.#size += text.length + OVERHEAD;
    if (this.#size > this.#limit) throw this.#tooLarge(`more than ${this.#limit} bytes about installed packages`);
    return Buffer.from(text).toString();
  }

  get size(): number {
    return this.#size;
  }

  /** What was kept since the size was `size` is kept no more. */
  release(size: number): void {
    this.#size = size;
  }

  #tooLarge(found: string): FeedFailure {
    return new FeedFailure("too-large", this.#file, `has ${found}`);
  }
}
