// @module-tag deep
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const amint = async (...args: string[]): Promise<Ended> =>
  run(process.execPath, ["cli/command/amint.mjs", ...args], { maxBuffer: 1e8 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );

test("four months as JSON: one event per line, the summary last, every channel read back in every region, unused builds retired", async () => {
  const { code, stdout, stderr } = await amint("month", "--months", "4", "--json");

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const summary = lines.pop();
  expect(lines.every(({ type, time, detailType, detail }) => type === "event" && time && detailType && detail)).toBe(
    true,
  );
  expect(summary).toMatchObject({ type: "summary", days: 120, notifications: { sns: 61, slack: 55 } });
  const said = new Set(lines.map(({ detailType }) => detailType));
  expect(
    [
      "approval.granted",
      "promotion.superseded",
      "share.verified",
      "share.failed",
      "build.revoked",
      "build.in-use",
    ].filter((one) => !said.has(one)),
  ).toEqual([]);
  expect(summary.wallMs).toBeGreaterThan(0);
  expect(summary.images).toHaveLength(8);
  for (const { amis, parameters, launchableBy } of summary.images) {
    expect(Object.keys(amis).sort()).toEqual(["eu-west-1", "us-east-1"]);
    expect(Object.keys(parameters).sort()).toEqual(["eu-west-1", "us-east-1"]);
    expect(launchableBy).not.toContain("600000000009");
  }
  const retired = lines.filter(({ detailType }) => detailType === "build.retired").map(({ detail }) => detail);
  expect(new Set(retired.filter(({ stage }) => stage === "deregistered").map(({ image }) => image))).toEqual(
    new Set(["al2023-base", "al2023-node", "al2023-web", "ubuntu-2404-base"]),
  );
  expect(summary.decisions).toContainEqual(
    expect.objectContaining({
      does: "wait",
      reasons: [expect.stringMatching(/^eu-west-1: 500000000001 has 2 instance\(s\)/)],
    }),
  );
});
