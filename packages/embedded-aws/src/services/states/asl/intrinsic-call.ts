import { intrinsicFunctions } from "./intrinsic-functions.ts";
import type { Json } from "./json.ts";
import { bracketEnd, InvalidPath, parsePath } from "./jsonpath.ts";

export interface IntrinsicCall {
  /** Without `States.`. */
  readonly name: string;
  readonly given: readonly Argument[];
}

type Argument = IntrinsicCall | { readonly path: string } | { readonly literal: Json };

export const isIntrinsic = (text: string): boolean => text.startsWith("States.");

/** Calls in one field (Developer Guide, "Intrinsic functions for JSONPath states"). */
const MAX_CALLS = 10;

/** `States.Format('{}', $.a)`. Throws InvalidPath, and UnbuiltPath for a path in it. */
export function parseIntrinsic(text: string): IntrinsicCall {
  const reader = new Reader(text);
  const call = reader.call();
  if (call === undefined || reader.at < text.length) throw new InvalidPath("not a call of an intrinsic function");
  return call;
}

const NAME = /States\.(\w+)\s*\(\s*/y;
const SEPARATOR = /\s*,\s*/y;
const END = /\s*\)\s*/y;
const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/** Only quotes, braces and backslashes can be escaped. */
const STRING = /'((?:[^'\\]|\\['{}\\])*)'/y;

/** The end of a path: a comma, a parenthesis or white space outside its brackets. */
function pathEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && !/[\s,)]/.test(text[end]!)) {
    if (text[end] === "[") end = bracketEnd(text, end);
    else if (text[end++] === "(") end = text.indexOf(")", end) + 1 || text.length;
  }
  return end;
}

class Reader {
  at = 0;
  #calls = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Undefined if anything but a call of a known function with a valid number of arguments follows. */
  call(): IntrinsicCall | undefined {
    const name = this.#take(NAME)?.[1];
    const known = name !== undefined && Object.hasOwn(intrinsicFunctions, name) ? intrinsicFunctions[name] : undefined;
    if (name === undefined || known === undefined || ++this.#calls > MAX_CALLS) return undefined;
    const given: Argument[] = [];
    while (!this.#take(END)) {
      if (given.length > 0 && !this.#take(SEPARATOR)) return undefined;
      const next = this.#argument(name === "Format" && given.length === 0);
      if (next === undefined) return undefined;
      given.push(next);
    }
    const [least, most] = known.count;
    return given.length >= least && given.length <= most ? { name, given } : undefined;
  }

  /** @param isTemplate whether the function itself reads the escapes */
  #argument(isTemplate: boolean): Argument | undefined {
    const quoted = this.#take(STRING)?.[1];
    if (quoted !== undefined) return { literal: isTemplate ? quoted : quoted.replaceAll(/\\(.)/g, "$1") };
    const plain = this.#take(NUMBER) ?? this.#take(WORD);
    if (plain) return { literal: JSON.parse(plain[0]) as Json };
    if (this.#text[this.at] !== "$") return this.call();
    const path = this.#text.slice(this.at, pathEnd(this.#text, this.at));
    parsePath(path);
    this.at += path.length;
    return { path };
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.at = pattern.lastIndex;
    return found;
  }
}
