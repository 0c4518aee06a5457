import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import type { Need } from "./need.ts";
import { type NeedName, needs } from "./needs.ts";

/** File with a run's counts, and with what its skipped tests need, for `.ci/run`. */
const RESULTS = "node_modules/.cache/amint/test-results.json";

/** Ends a run with what was missing, how many tests it cost, and the command that installs it. */
export class NeedsReport implements Reporter {
  readonly #missing: ReadonlyMap<NeedName, string>;
  #vitest: Vitest | undefined;

  constructor(missing: ReadonlyMap<NeedName, string>) {
    this.#missing = missing;
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const costs = [...this.#missing].map(([need, reason]) => ({
      need,
      reason,
      tests: tests.filter((test) => this.#isSkipped(test) && test.tags.includes(`needs/${need}`)),
    }));
    const all = new Set(costs.flatMap((cost) => cost.tests));
    this.#write(modules, tests, costs);
    const lines = describeMissing(
      costs.map((cost) => ({ ...cost, tests: cost.tests.length })),
      all.size,
    );
    if (lines.length > 0) console.log(`\n${lines.join("\n")}\n`);
  }

  #write(
    modules: readonly TestModule[],
    tests: readonly TestCase[],
    costs: readonly { need: string; tests: TestCase[] }[],
  ) {
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const felt = costs.filter((cost) => cost.tests.length > 0);
    const skipped = new Set(felt.flatMap((cost) => cost.tests));
    const results = {
      passed: count("passed"),
      failed: count("failed") + broken,
      failures: modules.flatMap(failuresIn),
      skipped: skipped.size,
      missing: felt.map(({ need }) => need),
      skippedIn: [...new Set([...skipped].map(({ module }) => module.relativeModuleId))],
      parts: modules.map((module) => ({ name: module.relativeModuleId, seconds: secondsOf(module) })),
    };
    const file = join(this.#vitest?.config.root ?? ".", RESULTS);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(results));
  }

  /** Whether it was wanted: `npm test` leaves out deep tests, whatever they need. */
  #isSkipped(test: TestCase): boolean {
    const isLeftOut = test.tags.includes("deep") && this.#vitest?.config.tagsFilter?.includes("!deep");
    return test.result().state === "skipped" && !isLeftOut;
  }
}

/** One line for each failure: the file, the test, and the first line of its message. */
function failuresIn(module: TestModule): string[] {
  const failed = [...module.children.allTests("failed")];
  const firstLine = (errors: readonly { message: string }[] = []) => errors[0]?.message.split("\n")[0] ?? "";
  return [
    ...module.errors().map((error) => `${module.relativeModuleId}: ${firstLine([error])}`),
    ...failed.map((test) => `${module.relativeModuleId} > ${test.fullName}: ${firstLine(test.result().errors)}`),
  ];
}

const secondsOf = (module: TestModule): number => {
  const { collectDuration, duration } = module.diagnostic();
  return (collectDuration + duration) / 1000;
};

interface Cost {
  readonly need: NeedName;
  readonly reason: string;
  /** How many tests were skipped for it. */
  readonly tests: number;
}

/** @param all skipped tests, each counted once: some need several things. @returns no lines if nothing was skipped */
export function describeMissing(costs: readonly Cost[], all: number): string[] {
  const felt = costs.filter(({ tests }) => tests > 0).sort((one, other) => other.tests - one.tests);
  if (felt.length === 0) return [];
  const packages = [...new Set(felt.flatMap(({ need }) => packagesOf(need)))].sort();
  return [
    `${all} test(s) skipped: this machine lacks what they need.`,
    ...felt.map(({ need, reason, tests }) => {
      const { what, how = `apt-get install ${packagesOf(need).join(" ")}` }: Need = needs[need];
      return `${String(tests).padStart(6)}  ${what} (${reason}): ${how}`;
    }),
    ...(packages.length > 0 ? [`All of Debian's packages: apt-get install ${packages.join(" ")}`] : []),
  ];
}

/** Debian packages that bring it. */
export function packagesOf(name: NeedName): string[] {
  const { packages = "" }: Need = needs[name];
  return packages.split(" ").filter(Boolean);
}
