/** The limits of a run; if one is exceeded, the process exits with 1. */
export class Targets {
  readonly #missed: string[] = [];

  atMost(what: string, found: number, most: number): void {
    if (found > most) this.#missed.push(`${what}: ${found}, expected at most ${most}`);
  }

  below(what: string, found: number, limit: number): void {
    if (found >= limit) this.#missed.push(`${what}: ${found.toFixed(1)}, expected less than ${limit}`);
  }

  say(): void {
    for (const missed of this.#missed) console.error(`MISSED  ${missed}`);
    if (this.#missed.length > 0) process.exitCode = 1;
    else console.log("all targets met");
  }
}
