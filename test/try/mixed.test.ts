// @module-tag deep
// @module-tag needs/sst-platform
import { expect, test } from "vitest";
import mixed from "../../demo/mixed/factory.config.ts";
import { amintHere } from "../factory/bad-input/here.ts";

interface Line {
  readonly type: "event" | "summary";
  readonly detailType?: string;
  readonly detail?: Record<string, unknown>;
  readonly checks?: readonly { readonly check: string; readonly faults: readonly string[] }[];
}

test("a month of systems of several vendors, with --json: every image is built, judged and promoted", async () => {
  const { code, stdout } = await amintHere(["month", "--config", "demo/mixed/factory.config.ts", "--json"]);

  expect(code).toBe(0);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line): Line => JSON.parse(line));
  expect(lines.at(-1)?.checks?.flatMap(({ faults }) => faults)).toEqual([]);
  const details = (wanted: string) =>
    lines.flatMap(({ detailType, detail }) => (detailType === wanted ? [detail] : []));
  for (const event of ["build.available", "gate.passed", "share.verified", "channel.moved"]) {
    expect([event, new Set(details(event).map((detail) => detail?.image))]).toEqual([
      event,
      new Set(Object.keys(mixed.images)),
    ]);
  }
  const updated = details("package.updated").map((detail) => detail?.image);
  expect(updated).toEqual(expect.arrayContaining(["windows-2022-base", "rhel-9-base", "al2023-arm64"]));
  expect(updated.some((image) => String(image).startsWith("debian"))).toBe(true);
  expect(details("base.updated").map((detail) => detail?.name)).toEqual([
    "/imagebuilder/amint/mixed/parents/debian-12-base",
    expect.stringMatching(/^\/aws\/service\//),
  ]);
});
