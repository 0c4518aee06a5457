// @module-tag deep
import { expect, test } from "vitest";
import type { GrantReport } from "../../cli/monitoring/iam.ts";
import { start } from "../world/running-factory.ts";

test("iam unused reports its progress, and every grant that the month does not use has a reason", async () => {
  const { AWS_ENDPOINT_URL: _, ...env } = process.env;

  const { code, stdout, stderr } = await start(
    process.execPath,
    ["cli/command/amint.mjs", "iam", "unused", "--json"],
    env,
  ).ended;
  const { granted, unused } = JSON.parse(stdout) as GrantReport;

  expect(unused.filter(({ reason }) => reason === undefined)).toEqual([]);
  expect(unused.length).toBeLessThan(granted);
  expect(stderr.split("\n")).toEqual(expect.arrayContaining(["Month: 2026-04-01", "Month: 2026-04-29"]));
  expect(code).toBe(0);
});
