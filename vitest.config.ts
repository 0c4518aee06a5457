import { defineConfig } from "vitest/config";
import { wholeDeepFiles } from "./test/whole/deep/deep-files.ts";
import { LongestFirst } from "./test/whole/longest-first.ts";
import { findMissing, tagsOf } from "./test/world/needs/needs.ts";
import { NeedsReport } from "./test/world/needs/report.ts";

const { AMINT_TESTS } = process.env;
const missing = await findMissing();

/** Cases recorded from real AWS, judged on their own. */
const conformance = [
  "packages/embedded-aws/test/conformance/**/*.test.ts",
  "packages/embedded-aws/test/events/event-patterns.test.ts",
];
/** They need a process that nothing else has run in: they measure its memory, or are its cold start. */
const alone = ["test/advisories/feeds/memory.test.ts", "test/monitoring/tracing.test.ts"];
/** Files that only `npm run test:deep` runs: `npm test` leaves out this project, and so does not load them. */
const deep = wholeDeepFiles();

export default defineConfig({
  test: {
    testTimeout: 900_000,
    // Of handlers that a test calls by itself; those of the embedded AWS have environments of their own.
    env: { POWERTOOLS_METRICS_DISABLED: "true" },
    hookTimeout: 60_000,
    setupFiles: "./test/whole/environment.ts",
    sequence: { sequencer: LongestFirst },
    // Vitest would leave one core alone, which on two is half of the machine.
    maxWorkers: "100%",
    tags: [
      { name: "deep", description: "Takes too long for `npm test`; `npm run test:deep` runs it." },
      ...tagsOf(missing),
    ],
    ...(AMINT_TESTS && { runner: "./test/whole/deep/slice-runner.ts" }),
    reporters: ["default", new NeedsReport(missing)],
    projects: [
      // Files share a worker and its modules: loading these anew for each file took a third of the time.
      {
        extends: true,
        test: {
          name: "product",
          isolate: false,
          include: ["test/**/*.test.ts", "packages/*/test/**/*.test.ts"],
          exclude: [...conformance, ...alone, ...deep],
        },
      },
      { extends: true, test: { name: "conformance", isolate: false, include: conformance } },
      { extends: true, test: { name: "alone", include: alone } },
      { extends: true, test: { name: "deep", include: deep } },
    ],
  },
});
