import { expect, test } from "vitest";
import { decideRepair, type ImageActivity } from "../../core/decide-repair.ts";
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

test("a claim that never became a build is given up, but not while its function may still be trying", () => {
  expect(kinds(base, { claim: { since: longAgo } })).toEqual(["abandon-claim"]);
  expect(kinds(base, { claim: { since: justNow } })).toEqual([]);
});

test("triggers that wait for nothing are started", () => {
  expect(kinds(base, { pending: [{}] })).toEqual(["start-waiting"]);
  expect(kinds(base, { pending: [{}], claim: { since: justNow } })).toEqual([]);
});

test("a parent's promotion that nobody followed is followed", () => {
  const parent = { build: build("al2023-base", 2), movedAt: longAgo };
  expect(kinds(web, { parent })).toEqual(["follow-parent"]);
  expect(kinds(web, { parent: { ...parent, movedAt: justNow } })).toEqual([]);
  const followed = [{ build: build("al2023-web", 1), parentBuild: parent.build, settled: true }];
  expect(kinds(web, { parent, builds: followed })).toEqual([]);
});
