/** Settings of the provider, not of AWS. */
const PROVIDER_ONLY = new Set(["tagsAll", "forceDestroy", "forceDetachPolicies", "skipDestroy", "__defaults"]);

/**
 * A resource's inputs, read key by key, so that unread inputs can be reported: no input is silently ignored. A wrong
 * type throws, naming the path.
 */
export class Inputs {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #read = new Set<string>();
  readonly #children: Inputs[] = [];

  constructor(values: Readonly<Record<string, unknown>>, path = "") {
    this.#values = values;
    this.#path = path;
  }

  text<T extends string = string>(key: string): T {
    const value = this.maybeText<T>(key);
    if (value === undefined) throw new Error(`${this.#at(key)} is missing`);
    return value;
  }

  maybeText<T extends string = string>(key: string): T | undefined {
    const value = this.#take(key);
    if (value === undefined || typeof value === "string") return value as T | undefined;
    throw this.#wrong(key, "a string", value);
  }

  /** Also takes strings: the provider writes some numbers as strings. */
  number(key: string): number | undefined {
    const value = this.#take(key);
    if (value === undefined || typeof value === "number") return value;
    if (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))) return Number(value);
    throw this.#wrong(key, "a number", value);
  }

  /** Also takes strings: the provider writes some booleans as strings. */
  flag(key: string): boolean | undefined {
    const value = this.#take(key);
    if (value === undefined || typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    throw this.#wrong(key, "true or false", value);
  }

  texts<T extends string = string>(key: string): T[] | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value as T[];
    throw this.#wrong(key, "a list of strings", value);
  }

  textMap(key: string): Record<string, string> | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.#wrong(key, "an object of strings", value);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)]));
  }

  /** A JSON document, given as an object or a string. */
  json(key: string): string | undefined {
    const value = this.#take(key);
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  }

  object(key: string): Inputs | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.#wrong(key, "an object", value);
    return this.#child(value, key);
  }

  list(key: string): Inputs[] {
    const value = this.#take(key) ?? [];
    if (!Array.isArray(value)) throw this.#wrong(key, "a list", value);
    return value.map((one: unknown, index) => {
      if (!isObject(one)) throw this.#wrong(`${key}[${index}]`, "an object", one);
      return this.#child(one, `${key}[${index}]`);
    });
  }

  /** Ignores keys for the given reason. */
  drop(_reason: string, ...keys: string[]): void {
    for (const key of keys) this.#read.add(key);
  }

  /** Whether a key is given; does not mark it as read. */
  has(key: string): boolean {
    return (this.#values[key] ?? undefined) !== undefined;
  }

  /** Paths of inputs that were given but not read. */
  unread(): string[] {
    const own = Object.keys(this.#values).filter(
      (key) => this.has(key) && !this.#read.has(key) && !PROVIDER_ONLY.has(key),
    );
    return [...own.map((key) => this.#at(key)), ...this.#children.flatMap((child) => child.unread())];
  }

  #take(key: string): unknown {
    this.#read.add(key);
    return this.#values[key] ?? undefined;
  }

  #child(values: Readonly<Record<string, unknown>>, key: string): Inputs {
    const child = new Inputs(values, this.#at(key));
    this.#children.push(child);
    return child;
  }

  #at(key: string): string {
    return this.#path ? `${this.#path}.${key}` : key;
  }

  #wrong(key: string, wanted: string, found: unknown): Error {
    return new Error(`${this.#at(key)} must be ${wanted}, found ${JSON.stringify(found)}`);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
