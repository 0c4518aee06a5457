import type { AwsError } from "../../engine/operation.ts";
import { invalid } from "./log-group.ts";

type Test = (event: unknown) => boolean;

/** `$.a.b[0]`, or only `$`. */
const SELECTOR = /\$(?:\.[\w*]+|\[(?:\d+|\*|"[^"]*")\])*/y;
const OPERATOR = /!=|>=|<=|=|>|</y;
const KEYWORD = /(IS\s+(?:TRUE|FALSE|NULL)|NOT\s+EXISTS|EXISTS)\b/iy;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;
const EXPRESSION = /%([^%]+)%/sy;
const BARE = /[^\s(){}"&|=<>]+/y;

/**
 * `{ $.level = "ERROR" && ($.status >= 500 || $.retry IS TRUE) }` (CloudWatch Logs user guide, "Match terms in JSON log
 * events"). Text that is not a JSON object never matches, nor does a member that is missing, an object or a list.
 * @throws InvalidParameterException
 */
export function parseJsonPattern(pattern: string): Matches {
  const test = new Parser(pattern).parse();
  return (message) => {
    // Cheaper than an exception for each line of text.
    if (message.trimStart()[0] !== "{") return false;
    try {
      return test(JSON.parse(message));
    } catch {
      return false;
    }
  };
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Test {
    this.#require("{");
    const test = this.#either();
    this.#require("}");
    this.#space();
    if (this.#at < this.#text.length) throw this.#wrong();
    return test;
  }

  #either(): Test {
    let test = this.#both();
    while (this.#take("||")) {
      const [one, other] = [test, this.#both()];
      test = (event) => one(event) || other(event);
    }
    return test;
  }

  #both(): Test {
    let test = this.#single();
    while (this.#take("&&")) {
      const [one, other] = [test, this.#single()];
      test = (event) => one(event) && other(event);
    }
    return test;
  }

  #single(): Test {
    if (!this.#take("(")) return this.#condition();
    const test = this.#either();
    this.#require(")");
    return test;
  }

  #condition(): Test {
    const selector = this.#match(SELECTOR)?.[0];
    if (selector === undefined) throw this.#wrong();
    const values = (event: unknown): unknown[] => select(event, selector);
    const keyword = this.#match(KEYWORD)?.[1]?.toUpperCase().replace(/\s+/g, " ");
    if (keyword === "NOT EXISTS") return (event) => values(event).length === 0;
    if (keyword === "EXISTS") return (event) => values(event).length > 0;
    if (keyword !== undefined) {
      const wanted: unknown = JSON.parse(keyword.slice("IS ".length).toLowerCase());
      return (event) => values(event).some((value) => value === wanted);
    }
    const operator = this.#match(OPERATOR)?.[0];
    if (operator === undefined) throw this.#wrong();
    const test = this.#comparison(operator);
    return (event) => values(event).some((value) => isSimple(value) && test(value));
  }

  #comparison(operator: string): (value: string | number) => boolean {
    const expression = this.#match(EXPRESSION)?.[1];
    const quoted = expression === undefined ? this.#match(QUOTED)?.[1] : undefined;
    const bare = expression === undefined && quoted === undefined ? this.#match(BARE)?.[0] : undefined;
    const text = quoted?.replace(/\\(.)/gs, "$1") ?? bare;
    if (expression === undefined && text === undefined) throw this.#wrong();
    if (operator === "=" || operator === "!=") {
      const equals =
        expression === undefined ? equalTo(text ?? "", bare !== undefined) : toText(matchesExpression(expression));
      return operator === "=" ? equals : (value) => !equals(value);
    }
    const number = Number(bare ?? Number.NaN);
    if (Number.isNaN(number)) throw invalidTerm(JSON.stringify(text ?? expression));
    return (value) => typeof value === "number" && compares(operator, value, number);
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #take(token: string): boolean {
    this.#space();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #require(token: string): void {
    if (!this.#take(token)) throw this.#wrong();
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    this.#space();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) return undefined;
    this.#at += found[0].length;
    return found;
  }

  #wrong() {
    return invalidTerm(/^\S+/.exec(this.#text.slice(this.#at))?.[0] ?? "");
  }
}

const isSimple = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";

const toText = (matches: Matches) => (value: string | number) => matches(String(value));

/** `*` matches anything at either end. A number without quotes matches by value, in quotes by its digits. */
function equalTo(text: string, bare: boolean): (value: string | number) => boolean {
  const number = Number(text);
  if (bare && text !== "" && !Number.isNaN(number)) return (value) => value === number || value === text;
  const [open, end] = [text.startsWith("*"), text.length > 1 && text.endsWith("*")];
  const middle = text.slice(open ? 1 : 0, end ? -1 : undefined);
  if (open && end) return (value) => String(value).includes(middle);
  if (open) return (value) => String(value).endsWith(middle);
  if (end) return (value) => String(value).startsWith(middle);
  return (value) => String(value) === text;
}

function compares(operator: string, value: number, other: number): boolean {
  if (operator === ">") return value > other;
  if (operator === ">=") return value >= other;
  return operator === "<" ? value < other : value <= other;
}

/** The values that a selector finds: possibly none, several with `*`. */
function select(event: unknown, selector: string): unknown[] {
  let values = [event];
  for (const [, name, index] of selector.matchAll(/\.([\w*]+)|\[([^\]]+)\]/g)) {
    const key = name ?? index?.replace(/^"|"$/g, "") ?? "";
    values = values.flatMap((value) => {
      if (typeof value !== "object" || value === null) return [];
      if (key === "*") return Object.values(value);
      return Object.hasOwn(value, key) ? [(value as Record<string, unknown>)[key]] : [];
    });
  }
  return values;
}

export type Matches = (message: string) => boolean;

/**
 * @throws InvalidParameterException for syntax that these regular expressions do not support: groups, most symbols,
 *   other letters
 */
export function matchesExpression(expression: string): Matches {
  const wrong = /[^A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+.\s]/.exec(expression)?.[0];
  if (wrong !== undefined) throw invalid(`Invalid character(s) in regular expression '${wrong}'`);
  try {
    const compiled = new RegExp(expression);
    return (message) => compiled.test(message);
  } catch {
    throw invalid(`Invalid regular expression '${expression}'`);
  }
}

export const invalidTerm = (term: string): AwsError => invalid(`Invalid character(s) in term '${term}'`);
