import { expect, test } from "vitest";
import { decideRepair, type ImageActivity, isActive, needsBuilds } from "../../core/repair/decide-repair.ts";
import { parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";

const base = factory.images["al2023-base"]!;
const web = factory.images["al2023-web"]!;
const now = new Date("2026-04-15T12:00:00Z");
const longAgo = "2026-04-15T10:00:00Z";
const justNow = "2026-04-15T11:50:00Z";
const build = (image: string, n: number) =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-${image}/1.0.0/${n}`);

const quiet: ImageActivity = { claim: undefined, pending: [], builds: [], parent: undefined };
const kinds = (image: typeof base, activity: Partial<ImageActivity>) =>
  decideRepair(image, { ...quiet, ...activity }, now).map(({ kind }) => kind);

test("where nothing is stuck nothing is repaired", () => {
  const settled = [{ build: build("al2023-base", 1), settled: true }];
  expect(kinds(base, { builds: settled })).toEqual([]);
});

test("a build whose end was not recorded is asked about", () => {
  expect(kinds(base, { builds: [{ build: build("al2023-base", 1) }] })).toEqual(["ask-about-build"]);
});

test("a claim that never became a build is gone on with, but not while its function may still be trying", () => {
  expect(kinds(base, { claim: { since: longAgo } })).toEqual(["finish-claim"]);
  expect(kinds(base, { claim: { since: justNow } })).toEqual([]);
});

test("a claim whose build has ended is released", () => {
  const ended = build("al2023-base", 1);
  const claim = { since: longAgo, build: ended };
  expect(kinds(base, { claim, builds: [{ build: ended, settled: true }] })).toEqual(["release-claim"]);
  expect(kinds(base, { claim, builds: [{ build: build("al2023-base", 2), settled: true }] })).toEqual([]);
});

test("reasons that wait for nothing are started, but not while a function may still be about to", () => {
  const waiting = (at: string) => ({ since: longAgo, held: { code: "building" as const, at } });
  expect(kinds(base, { pending: [{ since: longAgo }] })).toEqual(["start-waiting"]);
  expect(kinds(base, { pending: [{ since: justNow }] })).toEqual([]);
  expect(kinds(base, { pending: [{ since: longAgo }], claim: { since: justNow } })).toEqual([]);
  expect(kinds(base, { pending: [waiting(longAgo)] })).toEqual(["start-waiting"]);
  expect(kinds(base, { pending: [waiting(justNow)] })).toEqual([]);
  const endedNow = [{ build: build("al2023-base", 1), settled: true, endedAt: justNow }];
  expect(kinds(base, { pending: [waiting(longAgo)], builds: endedNow })).toEqual([]);
});

test("reasons that wait on purpose are asked about, which does not count as a repair", () => {
  const held = (code: "blackout" | "interval" | "breaker") => ({ since: longAgo, held: { code, at: longAgo } });
  expect(kinds(base, { pending: [held("blackout")] })).toEqual(["ask-waiting"]);
  expect(kinds(base, { pending: [held("interval"), held("breaker")] })).toEqual(["ask-waiting"]);
  expect(kinds(base, { pending: [held("blackout"), { since: longAgo }] })).toEqual(["start-waiting"]);
});

test("a parent's promotion that was missed is followed", () => {
  const parent = { build: build("al2023-base", 2), movedAt: longAgo };
  expect(kinds(web, { parent })).toEqual(["follow-parent"]);
  expect(kinds(web, { parent: { ...parent, movedAt: justNow } })).toEqual([]);
  const followed = [{ build: build("al2023-web", 1), parentBuild: parent.build, settled: true }];
  expect(kinds(web, { parent, builds: followed })).toEqual([]);
});

test.each([
  ["nothing is announced", [], {}, false],
  ["only other work is announced", ["looks", "usage", "exposure", "promotions"], {}, false],
  ["triggers or builds are announced", ["activity"], {}, true],
  ["approvals are announced", ["approvals"], {}, true],
  ["a channel moved since it was last compared", [], { moved: true }, true],
  ["an image was never published", [], { published: false }, true],
])("whether the hourly run reads the builds, if %s", (_, work, found, isRead) => {
  expect(needsBuilds({ work: new Set(work), moved: false, published: true, ...found })).toBe(isRead);
});

test("an image stays announced while it is built, while triggers wait, and while its breaker is open", () => {
  const ended = (status: "available" | "failed", day: number) => ({
    build: build("al2023-base", day),
    status,
    startedAt: `2026-04-0${day}T00:00:00Z`,
    config: "a",
    settled: true,
  });
  const idle = { claim: undefined, pending: [], builds: [ended("available", 1)] };
  const failures = Array.from({ length: base.triggers.breaker.failures }, (_, n) => ended("failed", n + 2));

  expect(isActive(base, undefined)).toBe(false);
  expect(isActive(base, idle)).toBe(false);
  expect(isActive(base, { ...idle, claim: { since: longAgo } })).toBe(true);
  expect(isActive(base, { ...idle, pending: [{ since: longAgo }] })).toBe(true);
  expect(isActive(base, { ...idle, builds: [{ ...ended("available", 1), settled: false }] })).toBe(true);
  expect(isActive(base, { ...idle, builds: [ended("available", 1), ...failures.slice(1)] })).toBe(false);
  expect(isActive(base, { ...idle, builds: [ended("available", 1), ...failures] })).toBe(true);
});
