import { setTimeout as passing } from "node:timers/promises";

/**
 * Real time, for what happens on this machine and not in factory time: a thread that loads or spins, a library with
 * its own timers. Factory time stands still meanwhile, so it could not detect that something takes too long.
 */
export function afterRealTime(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

/** Resolves after `ms` of real time. Hold the clock if factory time must stand still meanwhile. */
export const realTime = (ms: number): Promise<void> => passing(ms);

/** @returns a function that answers the real milliseconds since this call */
export function stopwatch(): () => number {
  const begun = performance.now();
  return () => performance.now() - begun;
}
