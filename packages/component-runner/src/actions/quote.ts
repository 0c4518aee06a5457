/** Quotes any text as one word of a shell command line. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Quotes a path; the shell expands `*` and `?` in its last part. */
export function quotePattern(path: string): string {
  const at = path.lastIndexOf("/") + 1;
  const last = path.slice(at).replace(/[^*?]+/g, quote);
  return at === 0 ? last : `${quote(path.slice(0, at))}${last}`;
}

export const hasPattern = (path: string): boolean => /[*?]/.test(path.slice(path.lastIndexOf("/") + 1));
