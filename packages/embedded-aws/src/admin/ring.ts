/** The newest entries, numbered from 1: when it is full, the oldest make room. */
export class Ring<T> {
  readonly #entries: (T & { readonly number: number })[] = [];
  readonly #capacity: number;
  #next = 0;
  #count = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(entry: T): void {
    this.#entries[this.#next] = { ...entry, number: ++this.#count };
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** Oldest first, without those up to `number`. */
  after(number: number): (T & { readonly number: number })[] {
    const ordered = [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)];
    return ordered.filter((entry) => entry.number > number);
  }
}
