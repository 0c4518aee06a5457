/**
 * An API model's pattern as JavaScript has it. AWS's services ask for the whole value to match, as Java's
 * `String.matches` does.
 * @returns undefined where only Java can say it: possessive quantifiers, `\A`, `\p{Alnum}`
 */
export const wholeMatch = (pattern: string): RegExp | undefined =>
  compiled(pattern, "u") ?? (JAVA_ONLY.test(pattern) ? undefined : compiled(pattern, ""));

/** Without the flag u, JavaScript takes needless escapes, as Java does; but these it would misread. */
const JAVA_ONLY = /\\[pPAZzGhHQR]/;

function compiled(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`, flags);
  } catch {
    return undefined;
  }
}
