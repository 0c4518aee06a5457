import { FeedFailure } from "./feed-failure.ts";

/** Far above the longest real name, version or id, in characters. */
const LONGEST = 1_000;

/** The memory of a text beside its characters, with the object that holds it. */
const OVERHEAD = 64;

/**
 * The texts kept while a feed is read: names, versions, ids. It limits a feed's memory, however many advisories match
 * installed packages.
 */
export class KeptText {
  readonly #file: string;
  readonly #limit: number;
  #size = 0;

  /** @param limit in characters, with an overhead per text */
  constructor(file: string, limit: number) {
    this.#file = file;
    this.#limit = limit;
  }

  /**
   * Returns a copy: a substring would keep the whole original in memory.
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

  /** Releases everything kept since the size was `size`. */
  release(size: number): void {
    this.#size = size;
  }

  #tooLarge(found: string): FeedFailure {
    return new FeedFailure("too-large", this.#file, `has ${found}`);
  }
}
