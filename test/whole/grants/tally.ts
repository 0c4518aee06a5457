/** Expected number of each event in a scenario. */
export type Expected = Readonly<Record<string, number>>;

/** `channel.moved: expected 9 time(s), came 8 time(s)` for each event with another count. */
export function differ(expected: Expected, found: readonly string[]): string[] {
  const came = new Map([...Map.groupBy(found, (one) => one)].map(([name, same]) => [name, same.length]));
  return [...new Set([...Object.keys(expected), ...came.keys()])]
    .filter((name) => (came.get(name) ?? 0) !== (expected[name] ?? 0))
    .map((name) => `${name}: expected ${expected[name] ?? 0} time(s), came ${came.get(name) ?? 0} time(s)`);
}

/** Whether something occurred more often than expected: events are permanent, so such a fault remains. */
export function isTooMuch(fault: string): boolean {
  const [, expected, came] = /: expected (\d+) time\(s\), came (\d+) time\(s\)$/.exec(fault) ?? [];
  return Number(came) > Number(expected);
}
