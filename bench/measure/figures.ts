/** The middle one; NaN if there is none. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** This process's peak memory. */
export const peakMiB = (): number => process.resourceUsage().maxRSS / 1024;

/** Milliseconds of wall time, and of processor time of all threads, which other programs affect less. */
export interface Took {
  readonly wall: number;
  readonly processor: number;
}

/** Time since this process started. */
export function tookSoFar(): Took {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), processor: (user + system) / 1_000 };
}

export const since = (began: Took): Took => {
  const now = tookSoFar();
  return { wall: now.wall - began.wall, processor: now.processor - began.processor };
};

/** The medians of both times. */
export const medians = (some: readonly Took[]): Took => ({
  wall: median(some.map(({ wall }) => wall)),
  processor: median(some.map(({ processor }) => processor)),
});
