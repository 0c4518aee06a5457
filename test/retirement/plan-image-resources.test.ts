import { expect, test } from "vitest";
import {
  type BuilderImages,
  oldInstances,
  planImageResources,
  whyInstanceLeft,
} from "../../core/retirement/plan-leftovers.ts";
import { parseBuildArn } from "../../events/ids.ts";

const DAY = 86_400;

const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/1");

const copy = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/copy-of-base/1.0.0/1");

const used: BuilderImages = {
  image: "base",
  build,
  copies: [copy],
  leftover: undefined,
  amiGone: false,
  retiredAt: undefined,
};

const plan = (one: Partial<BuilderImages>, now: string) =>
  planImageResources([{ ...used, ...one }], { now: new Date(now), keepSeconds: 14 * DAY, binSeconds: 30 * DAY }).map(
    ({ resource }) => resource,
  );

test("a build that may be in use keeps its image resources", () => {
  expect(plan({}, "2030-01-01T00:00:00Z")).toEqual([]);
});

test("a retired build's stay for as long as the Recycle Bin can restore it", () => {
  const retiredAt = "2026-04-01T08:00:00.000Z";

  expect(plan({ retiredAt }, "2026-05-01T07:59:59Z")).toEqual([]);
  expect(plan({ retiredAt }, "2026-05-01T08:00:00Z")).toEqual([copy, build]);
});

test("a leftover's copies go first, its own when its AMI was removed", () => {
  const leftover = { why: "its gate rejected it", since: "2026-04-01T08:00:00.000Z" };

  expect(plan({ leftover }, "2026-04-15T07:59:59Z")).toEqual([]);
  expect(plan({ leftover }, "2026-04-15T08:00:00Z")).toEqual([copy]);
  expect(plan({ leftover, amiGone: true }, "2026-04-15T08:00:00Z")).toEqual([copy, build]);
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
