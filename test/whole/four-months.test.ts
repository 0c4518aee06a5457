// @module-tag deep
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

/** `retire`'s decision about a build. */
interface Decided {
  readonly image: string;
  readonly build: string;
  readonly does: string;
  readonly reasons: readonly string[];
}

/** An account's use of a build, by EC2's report. */
const USE = /^[a-z0-9-]+: \d{12} has \d+ (?:instance|launch template)\(s\)/;

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
  const gone = retired.filter(({ stage }) => stage === "deregistered");
  expect(new Set(gone.map(({ image }) => image))).toEqual(new Set(["al2023-node", "al2023-web", "ubuntu-2404-base"]));
  const decided = (does: string): Decided[] => summary.decisions.filter((one: Decided) => one.does === does);
  expect(gone.map(({ build }) => build).sort()).toEqual(
    decided("gone")
      .map(({ build }) => build)
      .sort(),
  );
  // Nothing of a build that an account uses is removed, however old it is.
  const used = decided("wait").filter(({ reasons }) => reasons.some((reason) => USE.test(reason)));
  expect(used.map(({ image, reasons: [reason] }) => [image, USE.exec(reason ?? "")?.[0]]).sort()).toEqual([
    ["al2023-base", "eu-west-1: 500000000002 has 1 launch template(s)"],
    ["al2023-base", "eu-west-1: 500000000002 has 1 launch template(s)"],
    ["ubuntu-2404-base", "eu-west-1: 500000000001 has 2 instance(s)"],
  ]);
  expect(retired.filter(({ build }) => used.some((one) => one.build === build))).toEqual([]);
});
