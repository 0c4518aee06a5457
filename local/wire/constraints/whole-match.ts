/** What Java's regular expressions have and JavaScript's have not. */
const TRANSLATIONS: readonly (readonly [java: RegExp, javascript: string])[] = [
  [/\\p\{Alnum\}/g, "[0-9A-Za-z]"],
  [/\\p\{Alpha\}/g, "[A-Za-z]"],
  [/\\p\{Digit\}/g, "[0-9]"],
  [/\\p\{Graph\}/g, "[!-~]"],
  [/\\p\{Print\}/g, "[ -~]"],
  [/\\p\{Punct\}/g, "[!-/:-@[-`{-~]"],
  [/\\p\{IsL\}/g, "\\p{L}"],
  // Possessive quantifiers only forbid going back.
  [/([*+?}])\+/g, "$1"],
  [/\\A/g, "^"],
  [/\\[zZ]/g, "$"],
];

/**
 * An API model's pattern as JavaScript has it. AWS's services ask for the whole value to match, as Java's
 * `String.matches` does.
 * @returns undefined where JavaScript cannot say it
 */
export function wholeMatch(pattern: string): RegExp | undefined {
  const translated = TRANSLATIONS.reduce((text, [java, javascript]) => text.replace(java, javascript), pattern);
  return compiled(pattern, "u") ?? compiled(translated, "u") ?? withNeedlessEscapes(pattern, translated);
}

/** Without the flag u, JavaScript takes needless escapes, as Java does; but it misreads Java's classes and anchors. */
function withNeedlessEscapes(pattern: string, translated: string): RegExp | undefined {
  return [pattern, translated]
    .filter((text) => !/\\[pPAZzGhH]/.test(text))
    .map((text) => compiled(text, ""))
    .find((made) => made !== undefined);
}

function compiled(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`, flags);
  } catch {
    return undefined;
  }
}
