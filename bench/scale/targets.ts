/** What a run must not exceed; the process ends with 1 where it did. */
export class Targets {
  readonly #missed: string[] = [];

  atMost(what: string, found: number, most: number): void {
    if (found > most) this.#missed.push(`${what}: ${found}, and at most ${most} is wanted`);
  }

  below(what: string, found: number, limit: number): void {
    if (found >= limit) this.#missed.push(`${what}: ${found.toFixed(1)}, and less than ${limit} is wanted`);
  }

  say(): void {
    for (const missed of this.#missed) console.error(`MISSED  ${missed}`);
    if (this.#missed.length > 0) process.exitCode = 1;
    else console.log("all targets are met");
  }
}
