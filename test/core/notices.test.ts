import { expect, test } from "vitest";
import { comparePackages } from "../../core/manifest.ts";
import { describePromotionFailed } from "../../core/notice.ts";
import { toBlocks } from "../../core/slack-blocks.ts";
import { parseBuildArn } from "../../events/ids.ts";

const rpm = (name: string, version: string, release = "1") => ({
  name,
  epoch: "0",
  version,
  release,
  architecture: "x86_64",
});

test("two manifests differ in what was added, removed and changed, with full versions", () => {
  const before = { packages: [rpm("openssl", "3.2.2", "3.4"), rpm("curl", "8.0"), rpm("glibc", "2.34")] };
  const now = { packages: [rpm("openssl", "3.2.2", "3.5"), rpm("glibc", "2.34"), rpm("nginx", "1.28")] };
  expect(comparePackages(before, now)).toEqual({
    added: 1,
    removed: 1,
    changed: 1,
    examples: ["~ openssl.x86_64 3.2.2-3.4 -> 3.2.2-3.5", "+ nginx.x86_64 1.28-1", "- curl.x86_64 8.0-1"],
  });
});

test("several versions of one package, as of kernels, are one entry", () => {
  const before = { packages: [rpm("kernel", "6.12.1")] };
  const now = { packages: [rpm("kernel", "6.12.1"), rpm("kernel", "6.12.2")] };
  expect(comparePackages(before, now)).toMatchObject({ added: 0, removed: 0, changed: 1 });
});

test("the same package for two architectures is two packages", () => {
  const i686 = { ...rpm("glibc", "2.34"), architecture: "i686" };
  expect(
    comparePackages({ packages: [rpm("glibc", "2.34")] }, { packages: [rpm("glibc", "2.34"), i686] }),
  ).toMatchObject({
    added: 1,
    changed: 0,
  });
});

test("what could not be taken back is said loudly", () => {
  const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/1");
  const failed = { image: "base", build, error: "X", cause: "y", undone: ["a"], left: ["ami-1 in us-east-1: denied"] };
  const { lines, tone } = describePromotionFailed(failed);
  expect(tone).toBe("bad");
  expect(lines).toContain("NOT taken back, please look:");
  expect(lines).toContain("  ami-1 in us-east-1: denied");
});

test("a Slack message stays within Block Kit's limits, whatever is in it", () => {
  const [header, section] = toBlocks({
    title: "&".repeat(300),
    lines: ["<".repeat(5000)],
    tone: "bad",
    attributes: {},
  });
  expect(header?.text.text.length).toBeLessThanOrEqual(150);
  expect(section?.text.text.length).toBeLessThanOrEqual(3000);
  expect(section?.text.text.endsWith("```")).toBe(true);
});
