/** A JSON value with its position: EventBridge's errors contain line and column. */
export type JsonNode =
  | { readonly kind: "object"; readonly start: number; readonly end: number; readonly entries: readonly JsonEntry[] }
  | { readonly kind: "array"; readonly start: number; readonly end: number; readonly items: readonly JsonNode[] }
  | {
      readonly kind: "scalar";
      readonly start: number;
      readonly end: number;
      readonly value: string | number | boolean | null;
    };

interface JsonEntry {
  readonly key: string;
  readonly value: JsonNode;
}

/** The text is not JSON. `at` is an offset into it. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Parses JSON, keeping positions and duplicate keys (in a pattern the last one wins). */
export function readJson(text: string): JsonNode {
  const reader = new Reader(text);
  const node = reader.value();
  reader.nothingMore();
  return node;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): JsonNode {
    this.#space();
    const start = this.#at;
    const first = this.#text[start];
    if (first === "{") return { kind: "object", start, entries: this.#entries(), end: this.#at };
    if (first === "[") return { kind: "array", start, items: this.#items(), end: this.#at };
    if (first === '"') return { kind: "scalar", start, value: this.#string(), end: this.#at };
    const word = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
    word.lastIndex = start;
    const literal = word.exec(this.#text)?.[0];
    if (literal === undefined) throw this.#unexpected("a valid value (JSON String, Number, Array, Object or token)");
    this.#at += literal.length;
    return { kind: "scalar", start, value: JSON.parse(literal) as number | boolean | null, end: this.#at };
  }

  nothingMore(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected("the end of the text");
  }

  #entries(): JsonEntry[] {
    const entries: JsonEntry[] = [];
    this.#at++;
    this.#space();
    if (this.#take("}")) return entries;
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#unexpected("double-quote to start field name");
      const key = this.#string();
      this.#space();
      if (!this.#take(":")) throw this.#unexpected("a colon to separate field name and value");
      entries.push({ key, value: this.value() });
      this.#space();
      if (this.#take("}")) return entries;
      if (!this.#take(",")) throw this.#unexpected("comma to separate Object entries");
    }
  }

  #items(): JsonNode[] {
    const items: JsonNode[] = [];
    this.#at++;
    this.#space();
    if (this.#take("]")) return items;
    for (;;) {
      items.push(this.value());
      this.#space();
      if (this.#take("]")) return items;
      if (!this.#take(",")) throw this.#unexpected("comma to separate Array entries");
    }
  }

  #string(): string {
    const start = this.#at;
    for (let at = start + 1; at < this.#text.length; at++) {
      if (this.#text[at] === "\\") at++;
      else if (this.#text[at] === '"') {
        this.#at = at + 1;
        try {
          return JSON.parse(this.#text.slice(start, this.#at)) as string;
        } catch {
          throw new JsonSyntaxError("Unrecognized character escape or control character in a string", start);
        }
      }
    }
    throw new JsonSyntaxError("Unexpected end-of-input in a string", this.#text.length);
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #unexpected(expected: string): JsonSyntaxError {
    const found = this.#text[this.#at];
    if (found === undefined) return new JsonSyntaxError("Unexpected end-of-input", this.#at);
    return new JsonSyntaxError(
      `Unexpected character ('${found}' (code ${found.charCodeAt(0)})): was expecting ${expected}`,
      this.#at,
    );
  }
}
