import { defineConfig } from "vitest/config";

const ci = process.env.CI === "true";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    reporters: ci ? ["default", ["json", { outputFile: "node_modules/.cache/amint/test-results.json" }]] : ["default"],
  },
});
