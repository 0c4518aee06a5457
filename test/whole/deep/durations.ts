import { readFileSync, writeFileSync } from "node:fs";
import { DURATIONS, type Recorded } from "./parts.ts";
import type { PartResult } from "./run-part.ts";

/** Writes the durations of listed suites' files if all of their parts ran and passed. */
export function record(results: readonly PartResult[]): void {
  const recorded: Record<string, Recorded> = JSON.parse(readFileSync(DURATIONS, "utf8"));
  const byFile = Map.groupBy(
    results.filter(({ part }) => "AMINT_TESTS" in part.env),
    ({ part }) => part.files[0] ?? "",
  );
  for (const [file, parts] of byFile) {
    const [, of] = (parts[0]?.part.env.AMINT_TESTS ?? "").split("/");
    if (parts.length !== Number(of) || parts.some(({ failed }) => failed > 0)) continue;
    recorded[file] = {
      seconds: Math.round(parts.reduce((sum, { seconds }) => sum + seconds, 0)),
      tests: parts.reduce((sum, { passed, skipped }) => sum + passed + skipped.length, 0),
    };
  }
  const sorted = Object.entries(recorded).sort(([one], [other]) => one.localeCompare(other));
  const lines = sorted.map(([file, { seconds, tests }]) => `  "${file}": { "seconds": ${seconds}, "tests": ${tests} }`);
  writeFileSync(DURATIONS, `{\n${lines.join(",\n")}\n}\n`);
}
