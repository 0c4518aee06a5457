import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** Times of one file of tests, in milliseconds. */
export interface FileTimes {
  readonly file: string;
  readonly importMs: number;
  readonly setupMs: number;
  readonly runMs: number;
  readonly slowest: string;
}

/** A Vitest reporter that writes each file's times to the file that AMINT_FILE_TIMES names. */
export default class FileTimesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const times = modules.map((module): FileTimes => {
      const { collectDuration, setupDuration, duration } = module.diagnostic();
      const tests = [...module.children.allTests()];
      const slow = tests.sort((a, b) => (b.diagnostic()?.duration ?? 0) - (a.diagnostic()?.duration ?? 0));
      return {
        file: module.relativeModuleId,
        importMs: collectDuration,
        setupMs: setupDuration,
        runMs: duration,
        slowest: slow[0]?.name ?? "",
      };
    });
    writeFileSync(process.env.AMINT_FILE_TIMES ?? "", JSON.stringify(times));
  }
}
