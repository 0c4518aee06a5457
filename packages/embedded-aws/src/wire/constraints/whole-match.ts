/**
 * An API model's pattern as a JavaScript expression. AWS's services match the whole value, like Java's
 * `String.matches`.
 * @returns undefined for patterns that only Java supports: possessive quantifiers, `\A`, `\p{Alnum}`
 */
export const wholeMatch = (pattern: string): RegExp | undefined =>
  compiled(pattern, "u") ?? (JAVA_ONLY.test(pattern) ? undefined : compiled(pattern, ""));

/** Without the flag u, JavaScript accepts needless escapes, like Java; but it would misread these. */
const JAVA_ONLY = /\\[pPAZzGhHQR]/;

function compiled(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`, flags);
  } catch {
    return undefined;
  }
}
