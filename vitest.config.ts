import { defineConfig } from "vitest/config";

const ci = process.env.CI === "true";

/** Cases recorded from real AWS, judged on their own. */
const conformance = ["test/conformance/**/*.test.ts", "test/local/events/event-patterns.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 900_000,
    // Of handlers that a test calls by itself; those of the embedded AWS have environments of their own.
    env: { POWERTOOLS_METRICS_DISABLED: "true" },
    hookTimeout: 60_000,
    // Vitest would leave one core alone, which on two is half of the machine.
    maxWorkers: "100%",
    reporters: ci ? ["default", ["json", { outputFile: "node_modules/.cache/amint/test-results.json" }]] : ["default"],
    projects: [
      { extends: true, test: { name: "product", include: ["test/**/*.test.ts"], exclude: conformance } },
      { extends: true, test: { name: "conformance", include: conformance } },
    ],
  },
});
