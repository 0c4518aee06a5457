// @module-tag deep
// @module-tag needs/sst-platform
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { planMonth } from "../../demo/plan.ts";
import { end } from "../../demo/story.ts";
import { amintHere } from "../factory/bad-input/here.ts";

const COLUMNS = 100;

const tooWide = (stdout: string): string[] => stdout.split("\n").filter((line) => line.length > COLUMNS);

const headingsOf = (stdout: string): string[] => [...stdout.matchAll(/^── (.*) ──$/gm)].map(([, title]) => title ?? "");

/** The commands and files after `Next:`, the last lines of the output. */
const nextOf = (stdout: string): string[] =>
  stdout
    .slice(stdout.indexOf("\nNext:\n") + "\nNext:\n".length)
    .split("\n")
    .filter((line) => /^ {2}\S/.test(line))
    .map((line) => line.trim().replace(/ {2,}.*/, ""));

test("the month's output has 80 to 125 lines of at most 100 columns, its chapters, and three next steps", async () => {
  const { code, stdout, stderr } = await amintHere(["month"]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(tooWide(stdout)).toEqual([]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThanOrEqual(80);
  expect(lines.length).toBeLessThanOrEqual(125);
  const first = planMonth().events.flatMap(({ at, title }) => (title && at < end ? [title] : []));
  expect(headingsOf(stdout)).toEqual([...first, "What consumers have now"]);
  expect(stdout).toContain("All checks of the month hold.");
  expect(stdout).toMatch(/^image +channel +version +age +regions +accounts$/m);
  expect(stdout.match(/^al2023-base +stable +1\.\d+\.\d+\/3 +16d\w* +eu-west-1, us-east-1 +14$/m)).not.toBeNull();
  const next = nextOf(stdout);
  expect(next).toHaveLength(3);
  const config = next.map((run) => /--config (\S+)/.exec(run)?.[1]).find(Boolean) ?? "";
  expect(existsSync(config)).toBe(true);
});

test("the output of a try with the longest names fits 100 columns, and cuts no name off", async () => {
  const config = "test/try/configs/long-names.ts";
  const { code, stdout, stderr } = await amintHere(["try", "--config", config, "--days", "2"]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(tooWide(stdout)).toEqual([]);
  expect(headingsOf(stdout)).toEqual(expect.arrayContaining(["First builds", "A rollback", "A build is revoked"]));
  expect(stdout).toContain("stable-for-whatever-else-there-is-around");
  expect(stdout.match(/^holds /gm)).toHaveLength(7);
  expect(nextOf(stdout)).toHaveLength(3);
});

test("the output of a month of several vendors' systems fits 100 columns", async () => {
  const { code, stdout, stderr } = await amintHere(["try", "--config", "demo/mixed/factory.config.ts"]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(tooWide(stdout)).toEqual([]);
  expect(headingsOf(stdout)).toEqual(expect.arrayContaining(["Patch night", "A parent AMI is replaced"]));
  expect(stdout.trimEnd().split("\n").length).toBeLessThanOrEqual(150);
});
