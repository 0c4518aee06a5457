import { closestMatch } from "leven";

/** Two wrong letters are a typo; more are another word. */
const MOST_WRONG = 2;

/** The known word closest to the one found; undefined if none is close. */
export const meant = (found: string, known: readonly string[]): string | undefined =>
  closestMatch(found, known, { maxDistance: MOST_WRONG });

/** What to do about an unknown word. */
export function suggest(found: string, known: readonly string[]): string {
  const close = meant(found, known);
  return close === undefined ? `use one of ${known.join(", ")}` : `did you mean "${close}"?`;
}
