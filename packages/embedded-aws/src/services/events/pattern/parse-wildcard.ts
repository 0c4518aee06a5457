import { faultAt, PatternFault } from "./pattern-error.ts";
import type { JsonNode } from "./read-json.ts";

/**
 * AWS refuses patterns whose wildcards can be open at once in too many ways, and publishes no threshold.
 * These bounds agree with its recorded answers.
 */
const MOST_WILDCARDS = 5;
const MOST_REPEATS = 3;

/** The texts between wildcards. `*` stands for any characters; `\*` and `\\` are the characters themselves. */
export function parseWildcard(node: JsonNode, text: string): string[] {
  const segments: string[] = [""];
  let lastStar = -2;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "\\") {
      const escaped = text[++at];
      if (escaped !== "*" && escaped !== "\\") throw faultAt(node, `Invalid escape character at pos ${at - 1}`);
      segments[segments.length - 1] += escaped;
    } else if (character === "*") {
      if (lastStar === at - 1) throw faultAt(node, `Consecutive wildcard characters at pos ${at}`);
      lastStar = at;
      segments.push("");
    } else {
      segments[segments.length - 1] += character;
    }
  }
  if (isTooComplex(segments)) {
    throw new PatternFault(
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    );
  }
  return segments;
}

function isTooComplex(segments: readonly string[]): boolean {
  const between = segments.slice(1, -1);
  const repeats = Math.max(0, ...between.map((one) => between.filter((other) => other === one).length));
  return segments.length - 1 > MOST_WILDCARDS || repeats > MOST_REPEATS;
}
