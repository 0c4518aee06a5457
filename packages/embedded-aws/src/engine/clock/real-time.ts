import { setTimeout as passing } from "node:timers/promises";

/**
 * Real time, for what happens on this machine and not in factory time: a thread that loads or spins, a library with
 * timers of its own. Factory time stands still meanwhile, so it could never say that something takes too long.
 */
export function afterRealTime(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

/** Resolves after `ms` of real time. Hold the clock meanwhile where factory time must not go on. */
export const realTime = (ms: number): Promise<void> => passing(ms);

/** Real milliseconds since the call that made it. */
export function stopwatch(): () => number {
  const begun = performance.now();
  return () => performance.now() - begun;
}
