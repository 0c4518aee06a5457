import { AwsError } from "../../../engine/operation.ts";
import type { Row, Value } from "./record.ts";

/** Reads a query's words one by one. */
export class TokenReader {
  readonly #query: string;
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(query: string) {
    this.#query = query;
    this.#tokens = tokensOf(query);
  }

  is = (symbol: string): boolean => this.#next.kind === "symbol" && this.#next.text === symbol;

  isName = (): boolean => this.#next.kind === "name";

  isWord = (word: string): boolean => this.isName() && this.#next.text.toLowerCase() === word;

  take = (symbol: string): boolean => this.is(symbol) && this.#move();

  takeWord = (word: string): boolean => this.isWord(word) && this.#move();

  require(symbol: string): void {
    if (!this.take(symbol)) throw this.unexpected();
  }

  requireEnd(): void {
    if (this.#next.kind !== "end") throw this.unexpected();
  }

  name(): string {
    return this.#expect("name");
  }

  number(): number {
    return Number(this.#expect("number"));
  }

  /** A field, or a column as `stats` names it: `count(*)`, `bin(5m)`. */
  label(): string {
    let text = this.name();
    if (!this.is("(")) return text;
    const inner = ["(", "*", ")"];
    for (let open = true; open; open = !text.endsWith(")")) {
      if (!inner.includes(this.#next.text) && this.#next.kind !== "name") throw this.unexpected();
      text += this.#next.text;
      this.#move();
    }
    return text;
  }

  list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.take(",")) items.push(item());
    return items;
  }

  /** The right side of a comparison: text, a number, or another field. */
  operand(): (row: Row) => Value {
    const { kind } = this.#next;
    if (kind === "name") return this.#field(this.name());
    const value = kind === "text" ? this.#expect("text") : (this.take("-") ? -1 : 1) * this.number();
    return () => value;
  }

  /** The right side of `like`: a quoted substring, or a regular expression. */
  pattern(): (value: string) => boolean {
    if (this.#next.kind === "text") {
      const part = this.#expect("text");
      return (value) => value.includes(part);
    }
    const { at } = this.#next;
    const source = this.#expect("regex");
    try {
      // A leading `(?i)` is the only flag that queries use.
      const [, insensitive, rest = source] = /^(\(\?i\))?(.*)$/s.exec(source) ?? [];
      const expression = new RegExp(rest, insensitive ? "i" : "");
      return (value) => expression.test(value);
    } catch {
      throw malformed(`invalid regular expression at ${placeOf(this.#query, at)}`, at, at + source.length);
    }
  }

  unexpected(): AwsError {
    const { text, at, kind } = this.#next;
    if (kind === "end") return malformed("unexpected end of query", at);
    return malformed(`unexpected symbol found ${text} at ${placeOf(this.#query, at)}`, at, at + text.length);
  }

  /** For syntax that AWS supports and this AWS does not. */
  notBuilt(what: string): AwsError {
    return malformed(`${what} is not built in the embedded AWS's Logs Insights`, this.#next.at);
  }

  #field(name: string): (row: Row) => Value {
    if (this.is("(")) throw this.notBuilt(`the function ${name}`);
    return (row) => row.get(name);
  }

  #expect(kind: Token["kind"]): string {
    if (this.#next.kind !== kind) throw this.unexpected();
    const { text } = this.#next;
    this.#move();
    return text;
  }

  #move(): true {
    this.#position++;
    return true;
  }

  get #next(): Token {
    return this.#tokens[Math.min(this.#position, this.#tokens.length - 1)] as Token;
  }
}

interface Token {
  readonly kind: "name" | "number" | "text" | "regex" | "symbol" | "end";
  readonly text: string;
  /** Offset in the query. */
  readonly at: number;
}

const KINDS = [
  ["text", /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/sy],
  ["number", /\d+(?:\.\d+)?(?![\w.])/y],
  // A suffix belongs to a number: `bin(5m)`.
  ["name", /`([^`]+)`|@?[\w][\w.@]*|@\w+/y],
  ["symbol", /!=|>=|<=|=~|[=<>|(),*+/%^-]/y],
] as const;

const REGEX = /\/((?:[^/\\]|\\.)+)\//y;

/** Only after these a slash begins a regular expression; elsewhere it divides. */
const BEFORE_REGEX = new Set(["like", "=~"]);

/** A query's tokens, without comments. @throws MalformedQueryException */
function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  const blank = /(?:\s|#[^\n]*)*/y;
  for (let at = 0; ; ) {
    blank.lastIndex = at;
    at += blank.exec(query)?.[0].length ?? 0;
    if (at >= query.length) return [...tokens, { kind: "end", text: "", at }];
    const found = read(query, at, BEFORE_REGEX.has(tokens.at(-1)?.text.toLowerCase() ?? ""));
    if (!found) throw malformed(`unexpected symbol found ${query[at]} at ${placeOf(query, at)}`, at);
    tokens.push({ kind: found.kind, text: found.text, at });
    at += found.length;
  }
}

function read(query: string, at: number, isRegex: boolean) {
  const kinds = isRegex ? ([["regex", REGEX], ...KINDS] as const) : KINDS;
  for (const [kind, pattern] of kinds) {
    pattern.lastIndex = at;
    const found = pattern.exec(query);
    if (!found) continue;
    const [length, inner] = [found[0].length, found[1] ?? found[2]];
    return { kind, length, text: kind === "text" ? (inner ?? "").replace(/\\(.)/gs, "$1") : (inner ?? found[0]) };
  }
  return undefined;
}

/** `line 1 and position 115` */
function placeOf(query: string, at: number): string {
  const before = query.slice(0, at).split("\n");
  return `line ${before.length} and position ${before.at(-1)?.length}`;
}

export const malformed = (message: string, at = 0, end = at): AwsError =>
  new AwsError("MalformedQueryException", message, {
    members: { queryCompileError: { location: { startCharOffset: at, endCharOffset: end }, message } },
  });
