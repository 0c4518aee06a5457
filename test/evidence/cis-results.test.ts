import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readCisResult } from "../../adapters/evidence/cis-results.ts";

const captured = readFileSync(new URL("fixtures/cis/results.xml", import.meta.url), "utf8");
const read = (text: string) => readCisResult("manifests/i-1/cis-results.xml.gz", gzipSync(text));
const rule = (name: string) => `xccdf_org.example_rule_${name}`;

test("OpenSCAP's result is read: checks passed or failed, and failed ones have a title and a severity", async () => {
  expect(await read(captured)).toEqual({
    by: "openscap",
    profile: "xccdf_org.example_profile_level1",
    benchmark: "xccdf_org.example_benchmark_small",
    endedAt: expect.stringMatching(/^2026-.*Z$/),
    checks: 3,
    failed: [
      { rule: rule("windows"), title: "It is a windows", severity: "high", result: "fail" },
      { rule: rule("lost"), title: "Its definition was lost", severity: "medium", result: "unknown" },
    ],
  });
});

test.each(["notapplicable", "notchecked", "notselected", "informational"])(
  "a rule that is %s does not count as a check",
  async (result) => {
    const none = captured.replace(/<result>(pass|fail|unknown)</g, `<result>${result}<`);

    expect(await read(none)).toMatchObject({ checks: 0, failed: [] });
  },
);

test("an error counts as a failure, because the result is unknown", async () => {
  expect((await read(captured.replace("<result>pass<", "<result>error<"))).failed[0]).toEqual({
    rule: rule("unix"),
    title: "It is a unix",
    severity: "low",
    result: "error",
  });
});

test("a prefix of the elements' names, as in an ARF, makes no difference", async () => {
  const prefixed = captured
    .replace(/<(\/?)([A-Za-z])/g, "<$1x:$2")
    .replace("<?x:xml", "<?xml")
    .replace(' xmlns="', ' xmlns:x="');

  expect(await read(prefixed)).toEqual(await read(captured));
});

describe("an incomplete result is refused, with the object's name", () => {
  test.each([
    ["nothing", "", "unexpected end|document must contain a root element"],
    ["half of one", captured.slice(0, captured.length / 2), "unclosed|unexpected end"],
    [
      "a benchmark that was not evaluated",
      captured.replace(/<TestResult[\s\S]*<\/TestResult>/, ""),
      "0 TestResult elements",
    ],
    ["one that did not end", captured.replace(/end-time="[^"]*"/, ""), "no end-time"],
    ["one with entities of its own", captured.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>'), "document type"],
    ["two in one", captured.replace(/<TestResult[\s\S]*<\/TestResult>/, (one) => one + one), "2 TestResult elements"],
  ])("%s", async (_name, text, why) => {
    await expect(read(text)).rejects.toThrow(
      new RegExp(`^manifests/i-1/cis-results.xml.gz is not a gzip-compressed result .*(${why})`),
    );
  });

  test("bytes that are not compressed", async () => {
    await expect(readCisResult("k", new TextEncoder().encode(captured))).rejects.toThrow(
      /^k is not a gzip-compressed result .*header/,
    );
  });
});
