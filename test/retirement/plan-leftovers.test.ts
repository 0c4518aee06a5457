import { expect, test } from "vitest";
import {
  type BuilderImages,
  type FoundVersion,
  oldInstances,
  planImageResources,
  planVersions,
  whyInstanceLeft,
} from "../../core/retirement/plan-leftovers.ts";
import { parseBuildArn } from "../../events/ids.ts";

const DAY = 86_400;
const now = new Date("2026-04-20T08:00:00.000Z");
const prefix = "arn:aws:imagebuilder:eu-west-1:111122223333";
const recipe = (version: string, createdAt: string | undefined, tags = { "amint:factory": "acme" }): FoundVersion => ({
  arn: `${prefix}:image-recipe/acme-base/${version}`,
  createdAt,
  tags,
});
const old = recipe("1.5.1", "2026-04-01T08:00:00Z");
const current = recipe("1.2.9", "2026-04-05T08:00:00Z");
const plan = (parts: readonly FoundVersion[], references: readonly string[]) =>
  planVersions({ factory: "acme", now, keepSeconds: 14 * DAY, found: parts, references }).map(({ arn }) => arn);

test("a version goes that a newer one took the place of, once nothing refers to it and it is two weeks old", () => {
  expect(plan([old, current], [current.arn])).toEqual([old.arn]);
});

test("every version goes of what no longer is in the config", () => {
  expect(plan([old, current], [])).toEqual([old.arn, current.arn]);
});

test("a container recipe is another thing than an image recipe of the same name", () => {
  const container = { ...recipe("1.5.1", "2026-04-06T08:00:00Z"), arn: `${prefix}:container-recipe/acme-base/1.5.1` };

  expect(plan([container, current], [current.arn])).toEqual([container.arn]);
});

test.each([
  ["something refers to it", [old, current], [current.arn, old.arn]],
  ["something refers to it without its build", [old, current], [current.arn, `${prefix}:image-recipe/acme-base/1.5.1`]],
  [
    "something refers to whatever fits a pattern",
    [old, current],
    [current.arn, `${prefix}:image-recipe/acme-base/1.x.x`],
  ],
  [
    "it is the newest, and an older one is in use: its deployment is not complete",
    [old, recipe("1.9.9", "2026-03-01T08:00:00Z")],
    [`${prefix}:image-recipe/acme-base/1.9.9`],
  ],
  [
    "the one that took its place is not an hour old: a build of it may have begun just before",
    [old, recipe("1.2.9", "2026-04-20T07:00:01Z")],
    [`${prefix}:image-recipe/acme-base/1.2.9`],
  ],
  ["it is not two weeks old", [recipe("1.5.1", "2026-04-06T08:00:01Z")], []],
  [
    "it is not the factory's",
    [recipe("1.5.1", "2026-04-01T08:00:00Z", { "amint:factory": "other" }), current],
    [current.arn],
  ],
  ["its age is not known", [recipe("1.5.1", undefined), current], [current.arn]],
] as const)("a version is kept where %s", (_, parts, references) => {
  expect(plan(parts, references)).toEqual([]);
});

test("a reference to another name, or to a name that begins alike, is none", () => {
  const other = `${prefix}:image-recipe/acme-base-2/x.x.x`;

  expect(plan([old, current], [current.arn, other])).toEqual([old.arn]);
});

const build = parseBuildArn(`${prefix}:image/acme-base/1.0.0/1`);
const copy = parseBuildArn(`${prefix}:image/copy-of-base/1.0.0/1`);
const used: BuilderImages = {
  image: "base",
  build,
  copies: [copy],
  leftover: undefined,
  amiGone: false,
  retiredAt: undefined,
};

const planOf = (one: Partial<BuilderImages>, now: string) =>
  planImageResources([{ ...used, ...one }], { now: new Date(now), keepSeconds: 14 * DAY, binSeconds: 30 * DAY }).map(
    ({ resource }) => resource,
  );

test("a build that may be in use keeps its image resources", () => {
  expect(planOf({}, "2030-01-01T00:00:00Z")).toEqual([]);
});

test("a retired build's stay for as long as the Recycle Bin can restore it", () => {
  const retiredAt = "2026-04-01T08:00:00.000Z";

  expect(planOf({ retiredAt }, "2026-05-01T07:59:59Z")).toEqual([]);
  expect(planOf({ retiredAt }, "2026-05-01T08:00:00Z")).toEqual([copy, build]);
});

test("a leftover's copies go first, its own when its AMI was removed", () => {
  const leftover = { why: "its gate rejected it", since: "2026-04-01T08:00:00.000Z" };

  expect(planOf({ leftover }, "2026-04-15T07:59:59Z")).toEqual([]);
  expect(planOf({ leftover }, "2026-04-15T08:00:00Z")).toEqual([copy]);
  expect(planOf({ leftover, amiGone: true }, "2026-04-15T08:00:00Z")).toEqual([copy, build]);
});

test("only instances of Image Builder's for the factory that ran longer than any build are looked at", () => {
  const tags = { "amint:factory": "acme", CreatedBy: "EC2 Image Builder", Ec2ImageBuilderArn: build };
  const one = { instanceId: "i-1", launchedAt: "2026-04-01T08:00:00.000Z", tags };
  const all = [
    one,
    { ...one, instanceId: "i-2", launchedAt: "2026-04-01T08:00:01.000Z" },
    { ...one, instanceId: "i-3", tags: { ...tags, "amint:factory": "other" } },
    { ...one, instanceId: "i-4", tags: { ...tags, CreatedBy: "ada" } },
    { ...one, instanceId: "i-5", tags: { "amint:factory": "acme", CreatedBy: "EC2 Image Builder" } },
    { ...one, instanceId: "i-6", launchedAt: "unknown" },
  ];

  const old = oldInstances(all, { factory: "acme", now: new Date("2026-04-02T08:00:00Z"), keepSeconds: DAY });

  expect(old.map(({ instanceId }) => instanceId)).toEqual(["i-1"]);
});

test("an instance whose build is under way, or unknown, is kept", () => {
  expect(whyInstanceLeft("under way")).toBeUndefined();
  expect(whyInstanceLeft(undefined)).toBeUndefined();
  expect(whyInstanceLeft("ended")).toContain("did not terminate it");
  expect(whyInstanceLeft("gone")).toContain("does not have the image");
});
