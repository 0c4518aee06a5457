/** What the virtual `setTimeout` answers: Node's Timeout, as far as programs use it. */
export class VirtualTimeout {
  readonly #restart: (timeout: VirtualTimeout) => void;
  readonly #clear: (timeout: VirtualTimeout) => void;
  /** In milliseconds. */
  readonly delay: number;
  readonly act: () => void;
  #referenced = true;

  constructor(
    delay: number,
    act: () => void,
    restart: (timeout: VirtualTimeout) => void,
    clear: (timeout: VirtualTimeout) => void,
  ) {
    this.delay = delay;
    this.act = act;
    this.#restart = restart;
    this.#clear = clear;
  }

  // A worker lives as long as Lambda wants it to, so references make no difference.
  ref(): this {
    this.#referenced = true;
    return this;
  }

  unref(): this {
    this.#referenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.#referenced;
  }

  refresh(): this {
    this.#restart(this);
    return this;
  }

  close(): this {
    this.#clear(this);
    return this;
  }

  [Symbol.dispose](): void {
    this.#clear(this);
  }
}
