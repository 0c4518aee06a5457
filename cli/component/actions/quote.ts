/** A word of a shell's command line, whatever it holds. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A path whose last part may have `*` and `?`, for the shell to expand. */
export function quotePattern(path: string): string {
  const at = path.lastIndexOf("/") + 1;
  const last = path.slice(at).replace(/[^*?]+/g, quote);
  return at === 0 ? last : `${quote(path.slice(0, at))}${last}`;
}

export const hasPattern = (path: string): boolean => /[*?]/.test(path.slice(path.lastIndexOf("/") + 1));
