import { Stream } from "node:stream";

type Done<T> = (error: null, value?: T) => void;

export interface Bounds {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  /** -1: unlimited. */
  readonly limit?: number;
}

/** In bytes: what a read of the item consumes, and what it takes of a page. */
export interface ItemSizes {
  readonly consumed: number;
  readonly ofPage: number;
}

type Write =
  | { readonly type: "put"; readonly key: string; readonly value: unknown }
  | { readonly type: "del"; readonly key: string };

/**
 * Replaces one of dynalite's databases, whose reads and writes each take several turns of the event loop and keep an
 * iterator: the same interface, sorted in memory. Values are kept as JSON, so that every reader gets its own copy.
 */
export class KeyRange {
  readonly #values = new Map<string, string>();
  /** Values that are read often and changed by no reader. */
  readonly #shared = new Map<string, unknown>();
  /** Sizes of values, which take longer to compute than to read. */
  readonly #sizes = new Map<string, ItemSizes>();
  /** Undefined: to be sorted again. */
  #sorted: string[] | undefined = [];

  readonly get = (key: string, done: Done<unknown>): void => {
    const value = this.#read(key);
    process.nextTick(done, null, value);
  };

  readonly put = (key: string, value: unknown, done: Done<void>): void =>
    this.batch([{ type: "put", key, value }], done);

  readonly del = (key: string, done: Done<void>): void => this.batch([{ type: "del", key }], done);

  readonly batch = (writes: readonly Write[], done: Done<void>): void => {
    for (const write of writes) {
      if (write.type === "put" ? !this.#values.has(write.key) : this.#values.has(write.key)) this.#sorted = undefined;
      this.#shared.delete(write.key);
      this.#sizes.delete(write.key);
      if (write.type === "put") this.#values.set(write.key, JSON.stringify(write.value));
      else this.#values.delete(write.key);
    }
    process.nextTick(done, null);
  };

  /** The same object for every reader until it is written. */
  readonly share = (key: string): unknown => {
    const known = this.#shared.get(key) ?? this.#read(key);
    this.#shared.set(key, known);
    return known;
  };

  /** Values in the order of their keys, with their sizes; each is read when it is reached. */
  readonly within = (bounds: Bounds, measure: (value: unknown) => ItemSizes): Iterable<readonly [unknown, ItemSizes]> =>
    this.#each(this.#within(bounds), measure);

  readonly createKeyStream = (bounds: Bounds = {}): Values => new Values(this.#within(bounds), (key) => key);

  readonly createValueStream = (bounds: Bounds = {}): Values =>
    new Values(this.#within(bounds), (key) => this.#read(key));

  *#each(keys: readonly string[], measure: (value: unknown) => ItemSizes): Iterable<readonly [unknown, ItemSizes]> {
    for (const key of keys) {
      const value = this.#read(key);
      const sizes = this.#sizes.get(key) ?? measure(value);
      this.#sizes.set(key, sizes);
      yield [value, sizes];
    }
  }

  #read(key: string): unknown {
    const text = this.#values.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  #within({ gt, gte, lt, lte, reverse = false, limit = -1 }: Bounds): string[] {
    this.#sorted ??= [...this.#values.keys()].sort();
    const sorted = this.#sorted;
    const first = gte !== undefined ? position(sorted, gte) : gt !== undefined ? position(sorted, gt, true) : 0;
    const end =
      lte !== undefined ? position(sorted, lte, true) : lt !== undefined ? position(sorted, lt) : sorted.length;
    const keys = sorted.slice(first, end);
    if (reverse) keys.reverse();
    return limit < 0 ? keys : keys.slice(0, limit);
  }
}

/** Where a key is, or would be; or the position after it. */
function position(sorted: readonly string[], key: string, after = false): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const one = sorted[middle] ?? "";
    if (one < key || (after && one === key)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A stream, as far as dynalite reads it: all values at once, as soon as it listens. */
class Values extends Stream {
  #stopped = false;

  constructor(keys: readonly string[], read: (key: string) => unknown) {
    super();
    process.nextTick(() => {
      for (const key of keys) {
        if (this.#stopped) return;
        this.emit("data", read(key));
      }
      this.emit("end");
    });
  }

  destroy(): void {
    this.#stopped = true;
  }
}
