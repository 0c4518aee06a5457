import { isShort } from "./sized.ts";

/** The limits of a run; if one is exceeded, the process exits with 1. */
export class Targets {
  readonly #missed: string[] = [];

  atMost(what: string, found: number, most: number): void {
    if (!(found <= most)) this.#missed.push(`${what}: ${found}, expected at most ${most}`);
  }

  atLeast(what: string, found: number, least: number): void {
    if (!(found >= least)) this.#missed.push(`${what}: ${found}, expected at least ${least}`);
  }

  below(what: string, found: number, limit: number): void {
    if (!(found < limit)) this.#missed.push(`${what}: ${found.toFixed(1)}, expected less than ${limit}`);
  }

  equal(what: string, found: unknown, expected: unknown): void {
    if (found !== expected) this.#missed.push(`${what}: ${found}, expected ${expected}`);
  }

  /** For times: the short form does not check them. */
  inTime(what: string, milliseconds: number, limit: number): void {
    if (!isShort) this.below(`milliseconds of ${what}`, milliseconds, limit);
  }

  say(): void {
    for (const missed of this.#missed) console.error(`MISSED  ${missed}`);
    if (this.#missed.length > 0) process.exitCode = 1;
    else console.log("all targets met");
  }
}

/** Reports to `npm run bench` that this machine lacks what the benchmark needs. */
export function skip(missing: string): void {
  console.log(missing);
  process.send?.({ missing });
}
