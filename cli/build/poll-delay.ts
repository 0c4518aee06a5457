const FIRST_MS = 1_000;
const MOST_MS = 30_000;

/**
 * Milliseconds until the next look: soon after a change, then less and less often, and never in step with others who
 * wait.
 * @param looks since something changed
 */
export const pollDelay = (looks: number, random = Math.random()): number =>
  Math.min(MOST_MS, FIRST_MS * 1.5 ** looks) * (0.75 + random / 2);
