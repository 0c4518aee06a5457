import { AwsError } from "../../../engine/aws-error.ts";

export interface Token {
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
export function tokensOf(query: string): Token[] {
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
export function placeOf(query: string, at: number): string {
  const before = query.slice(0, at).split("\n");
  return `line ${before.length} and position ${before.at(-1)?.length}`;
}

export const malformed = (message: string, at = 0, end = at): AwsError =>
  new AwsError("MalformedQueryException", message, {
    members: { queryCompileError: { location: { startCharOffset: at, endCharOffset: end }, message } },
  });
