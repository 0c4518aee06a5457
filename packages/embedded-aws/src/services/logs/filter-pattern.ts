import { AwsError } from "../../engine/aws-error.ts";
import { parseJsonPattern } from "./json-pattern.ts";
import { invalidTerm, type Matches, matchesExpression } from "./pattern-expression.ts";

/**
 * A filter pattern (CloudWatch Logs user guide, "Filter pattern syntax"): terms and phrases that an event must contain;
 * `-` excludes a term, at least one of those with `?` must occur; `%...%` is a regular expression; `{...}` matches
 * members of JSON events. Terms also match parts of words, which the guide shows only for regular expressions.
 * @throws InvalidParameterException; NotImplemented for patterns of space-delimited events, `[...]`
 */
export function parseFilterPattern(pattern: string): Matches {
  const text = pattern.trim();
  if (text === "") return () => true;
  if (text.startsWith("{")) return parseJsonPattern(text);
  if (text.startsWith("[")) {
    throw new AwsError("NotImplemented", "logs: filter patterns for space-delimited events ([...]) are not built");
  }
  if (/^%.*%$/s.test(text) && text.length > 2) return matchesExpression(text.slice(1, -1));
  return matchesTerms(parseTerms(text));
}

interface Term {
  readonly kind: "" | "-" | "?";
  readonly text: string;
}

function parseTerms(text: string): Term[] {
  const terms: Term[] = [];
  const next = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/gsy;
  for (let found = next.exec(text); found; found = next.exec(text)) {
    const [, kind = "", phrase, word = ""] = found;
    const wrong = phrase === undefined ? /[^\p{L}\p{N}_]/u.exec(word)?.[0] : undefined;
    if (wrong !== undefined) throw invalidTerm(wrong);
    terms.push({ kind: kind as Term["kind"], text: phrase?.replace(/\\(.)/gs, "$1") ?? word });
  }
  return terms;
}

/**
 * Optional terms do not count besides required or excluded ones (the guide, "Match terms in unstructured log events").
 */
function matchesTerms(terms: readonly Term[]): Matches {
  const of = (kind: Term["kind"]): string[] => terms.filter((one) => one.kind === kind).map((one) => one.text);
  const [all, none, some] = [of(""), of("-"), of("?")];
  if (all.length + none.length === 0) return (message) => some.some((one) => message.includes(one));
  return (message) => all.every((one) => message.includes(one)) && !none.some((one) => message.includes(one));
}
