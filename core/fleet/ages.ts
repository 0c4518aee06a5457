/** How many instances there are, and of which age in days half, nine in ten, and all of them are at most. */
export interface Ages {
  readonly instances: number;
  readonly p50: number;
  readonly p90: number;
  readonly p100: number;
}

/** So many instances of the same age. */
export interface Aged {
  readonly days: number;
  readonly instances: number;
}

/** Percentiles by nearest rank, so each is the age of an instance that there is; undefined where there is none. */
export function agesOf(aged: readonly Aged[]): Ages | undefined {
  const sorted = aged.filter(({ instances }) => instances > 0).toSorted((a, b) => a.days - b.days);
  const instances = sorted.reduce((sum, one) => sum + one.instances, 0);
  if (instances === 0) return undefined;
  const at = (percent: number): number => {
    let left = Math.ceil((instances * percent) / 100);
    for (const one of sorted) {
      left -= one.instances;
      if (left <= 0) return one.days;
    }
    return sorted.at(-1)?.days ?? 0;
  };
  return { instances, p50: at(50), p90: at(90), p100: at(100) };
}
