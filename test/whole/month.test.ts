import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

test("npm -s start -- --json: one event per line, the summary last, every channel read back in every region", async () => {
  const { stdout, stderr } = await run("npm", ["-s", "start", "--", "--json"], { maxBuffer: 1e8 });

  expect(stderr).toBe("");
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const summary = lines.pop();
  expect(lines.every(({ type, time, detailType, detail }) => type === "event" && time && detailType && detail)).toBe(
    true,
  );
  expect(summary).toMatchObject({ type: "summary", days: 30 });
  expect(summary.images).toHaveLength(8);
  for (const { amis, parameters, launchableBy } of summary.images) {
    expect(Object.keys(amis).sort()).toEqual(["eu-west-1", "us-east-1"]);
    expect(Object.keys(parameters).sort()).toEqual(["eu-west-1", "us-east-1"]);
    expect(launchableBy).not.toContain("600000000009");
  }
});
