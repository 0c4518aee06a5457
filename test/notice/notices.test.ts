import { expect, test } from "vitest";
import { describeFeedFailed, describeTriggerSuppressed } from "../../core/build/notice.ts";
import { comparePackages } from "../../core/evidence/manifest.ts";
import {
  describeBuildFailed,
  describeChannelMoved,
  describeGateRejected,
  describePromotionFailed,
} from "../../core/notice/notice.ts";
import { toBlocks } from "../../core/notice/slack-blocks.ts";
import { neverCodes, type Trigger, waitCodes } from "../../events/build.ts";
import { parseBuildArn } from "../../events/ids.ts";

const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/1");

const advisories = (count: number): Trigger => ({
  kind: "packages",
  build,
  advisories: Array.from({ length: count }, (_, n) => ({
    id: `ALAS2023-2026-${n + 1}`,
    severity: "important",
    cves: [],
    packages: [{ name: "openssl", architecture: "x86_64", installed: "3.0.8-1", fixed: "3.0.8-4", since: build }],
  })),
  others: [],
});

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
  ).toMatchObject({ added: 1, changed: 0 });
});

test("what could not be undone comes first", () => {
  const failed = { image: "base", build, error: "X", cause: "y", undone: ["a"], left: ["ami-1 in us-east-1: denied"] };
  const { lines, tone } = describePromotionFailed(failed, []);
  expect(tone).toBe("bad");
  expect(lines).toContain("NOT undone, check manually:");
  expect(lines).toContain("  ami-1 in us-east-1: denied");
});

test("a Slack message stays within Block Kit's limits, whatever is in it", () => {
  const notice = { title: "&".repeat(300), lines: ["<".repeat(5000)], tone: "bad", attributes: {} } as const;
  const [header = "", section = ""] = toBlocks(notice).map((block) => ("text" in block ? block.text.text : ""));

  expect(header.length).toBe(150);
  expect(section.length).toBeLessThanOrEqual(3000);
  expect(section.length).toBeGreaterThan(2900);
  expect(section.endsWith("```")).toBe(true);
});

test("every notice about a build says why the build was made", () => {
  const triggers = [advisories(1)];
  const because = "Rebuilt because ALAS2023-2026-1 (important): openssl 3.0.8-1 → 3.0.8-4, in base since 1.0.0/1";
  const rule = { rule: "tests", passed: false, found: "no test ran", allowed: "at least one", examples: [] };

  const notices = [
    describeBuildFailed({ image: "base", build, failure: { reason: "503" } }, triggers),
    describeGateRejected({ image: "base", build, reasons: [rule] }, triggers),
    describeChannelMoved({ image: "base", build, channel: "stable", regions: {} }, triggers),
    describePromotionFailed({ image: "base", build, error: "X", cause: "y", undone: [], left: [] }, triggers),
  ];

  for (const { lines } of notices) expect(lines).toContain(because);
});

test("a notice stays readable when a hundred advisories led to the build", () => {
  const { lines } = describeChannelMoved({ image: "base", build, channel: "stable", regions: {} }, [advisories(100)]);

  expect(lines.length).toBeLessThan(15);
  expect(lines.at(-1)).toContain("90 further advisories: ALAS2023-2026-11, ");
});

test("a failure that was one too many says that the image is no longer rebuilt by itself", () => {
  const failed = { image: "base", build, failure: { reason: "503" }, breaker: { failures: 3 } };

  expect(describeBuildFailed(failed, []).lines).toContain(
    "3 builds in a row failed. Automatic builds are stopped until a manual build succeeds or the image's config changes.",
  );
  expect(describeBuildFailed({ ...failed, breaker: undefined }, []).lines.join()).not.toContain("Automatic builds");
});

test("a build that failed in its tests is reported with each component: what passed, what failed where, what did not run", () => {
  const components = [
    { component: "simple-boot-test-linux", status: "passed" as const },
    { component: "acme-smoke", status: "failed" as const, phase: "test", step: "AgentsRun", reason: "exit status 1" },
    { component: "acme-openscap", status: "not-run" as const },
  ];
  const source = "imagebuilder:ListWorkflowStepExecutions";
  const tests = { source, at: "2026-04-01T09:00:00.000Z", components };
  const failure = { component: "acme-smoke", phase: "test", step: "AgentsRun", reason: "exit status 1", tests };

  const { title, lines } = describeBuildFailed({ image: "base", build, failure }, []);

  expect(title).toBe("base: build 1.0.0/1 failed in acme-smoke");
  expect(lines).toContain("Step: AgentsRun");
  const at = lines.indexOf("Tests:");
  expect(lines.slice(at, at + 4)).toEqual([
    "Tests:",
    "  simple-boot-test-linux passed",
    "  acme-smoke failed in AgentsRun: exit status 1",
    "  acme-openscap did not run",
  ]);
});

test("a feed that cannot be read is reported with the images that it affects, and never as an empty list", () => {
  const notice = describeFeedFailed({
    feed: "https://cdn.example.com/repodata/repomd.xml",
    images: ["base", "web"],
    code: "checksum",
    reason: "updateinfo.xml.gz is not what repomd.xml says",
  });

  expect(notice.title).toBe("base, web: advisory feed cannot be read");
  expect(notice.lines).toContain("Reason: updateinfo.xml.gz is not what repomd.xml says");
  expect(notice.tone).toBe("bad");
});

test("a severity feed that cannot be read is reported as such, with the consequence", () => {
  const notice = describeFeedFailed({
    feed: "https://api.osv.dev/v1/query",
    images: ["base"],
    of: "severities",
    code: "unreachable",
    reason: "https://api.osv.dev/v1/query: connect ECONNREFUSED",
  });

  expect(notice.title).toBe("base: severity feed cannot be read");
  expect(notice.lines.at(-1)).toBe("An update whose severity stays unknown for 24 hours counts as important.");
});

test("a trigger that starts no build is reported with the reason, what waits and until when", () => {
  const { title, lines, tone } = describeTriggerSuppressed({
    image: "base",
    triggers: [advisories(1)],
    decision: "waits",
    code: "interval",
    reason: "the minimum interval between builds is not over",
    until: "2026-04-16T08:00:00Z",
  });

  expect(title).toBe("base: waiting for the minimum interval between builds");
  expect(lines).toEqual([
    "Reason: the minimum interval between builds is not over",
    "Until: 2026-04-16 08:00 UTC",
    "Waiting triggers:",
    "  ALAS2023-2026-1 (important): openssl 3.0.8-1 → 3.0.8-4, in base since 1.0.0/1",
  ]);
  expect(tone).toBe("news");
});

test("a breaker, an advisory that survives its rebuild and an unproven event are bad news; each code has its own headline", () => {
  const told = [...waitCodes, ...neverCodes].map((code) => ({
    code,
    ...describeTriggerSuppressed({ image: "base", triggers: [advisories(1)], decision: "never", code, reason: "x" }),
  }));

  expect(told.filter(({ tone }) => tone === "bad").map(({ code }) => code)).toEqual(["breaker", "unfixed", "unproven"]);
  expect(new Set(told.map(({ title }) => title)).size).toBe(told.length);
  expect(told.find(({ code }) => code === "breaker")?.title).toBe(
    "base: automatic builds stopped after repeated failures",
  );
});

test("a rolled-back channel's notice says who and why, not why that build was once made", () => {
  const moved = { image: "base", build, channel: "stable", regions: {}, because: "ada went back: agents crash" };

  const { lines, tone } = describeChannelMoved(moved, [advisories(1)]);

  expect(lines).toContain("Moved because ada went back: agents crash");
  expect(lines.join()).not.toContain("Rebuilt because");
  expect(tone).toBe("news");
});
