import { describe, expect, test } from "vitest";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { aRegistry, DAY, INDEX, MINUTE } from "./a-registry.ts";

const rule = (rulePriority: number, selection: object, more: object = {}) => ({
  rulePriority,
  description: `a rule of priority ${rulePriority} that a test needs`,
  selection,
  action: { type: "expire" },
  ...more,
});
const policy = (...rules: object[]): string => JSON.stringify({ rules });
const afterDays = (countNumber: number) => ({ countType: "sinceImagePushed", countUnit: "days", countNumber });
const above = (countNumber: number) => ({ countType: "imageCountMoreThan", countNumber });

type Registry = Awaited<ReturnType<typeof aRegistry>>;

async function tagsIn({ own, named }: Registry): Promise<(string | undefined)[]> {
  const { imageIds } = await own.listImages(named);
  return (imageIds ?? []).map(({ imageTag }) => imageTag);
}

describe("a lifecycle policy", () => {
  test("removes untagged images within a day of their expiry, and shows its last evaluation", async () => {
    const registry = await aRegistry();
    const { own, named, push, pass, clock } = registry;
    const lifecyclePolicyText = policy(rule(1, { tagStatus: "untagged", ...afterDays(3) }));
    await own.putLifecyclePolicy({ ...named, lifecyclePolicyText });
    await push("one");
    await push("two", "stable");

    await pass(2 * DAY);
    const early = await tagsIn(registry);
    await pass(2 * DAY + MINUTE);
    const late = await tagsIn(registry);

    const { lastEvaluatedAt } = await own.getLifecyclePolicy(named);
    expect(early).toEqual([undefined, "stable"]);
    expect(late).toEqual(["stable"]);
    expect(lastEvaluatedAt).toEqual(new Date(clock.now() - MINUTE));
  });

  test("keeps the newest images of a pattern, and whatever a rule of higher priority fits", async () => {
    const registry = await aRegistry();
    const { own, named, push, pass } = registry;
    const lifecyclePolicyText = policy(
      rule(1, { tagStatus: "tagged", tagPatternList: ["channel-*"], ...above(5) }),
      rule(2, { tagStatus: "tagged", tagPrefixList: ["build-"], ...above(1) }),
      rule(3, { tagStatus: "any", ...above(2) }),
    );
    for (const tag of ["channel-stable", "build-1", "build-2", "other-1", "other-2", "other-3"]) {
      await push(tag, tag);
      await pass(MINUTE);
    }

    await own.putLifecyclePolicy({ ...named, lifecyclePolicyText });
    await pass(DAY);

    expect(await tagsIn(registry)).toEqual(["channel-stable", "build-2", "other-2", "other-3"]);
  });

  test("leaves what a manifest list holds", async () => {
    const registry = await aRegistry();
    const { own, named, push, pass } = registry;
    const digest = await push("one");
    const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 1 };
    const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [entry] });
    await own.putImage({ ...named, imageManifest, imageTag: "all" });
    const lifecyclePolicyText = policy(rule(1, { tagStatus: "untagged", ...afterDays(1) }));

    await own.putLifecyclePolicy({ ...named, lifecyclePolicyText });
    await pass(3 * DAY);

    const { imageDetails } = await own.describeImages({ ...named, imageIds: [{ imageDigest: digest }] });
    expect(imageDetails).toHaveLength(1);
  });

  test("ends when it is deleted or replaced", async () => {
    const registry = await aRegistry();
    const { own, named, push, pass } = registry;
    const put = (days: number) =>
      own.putLifecyclePolicy({
        ...named,
        lifecyclePolicyText: policy(rule(1, { tagStatus: "untagged", ...afterDays(days) })),
      });
    await push("one");

    await put(1);
    await put(30);
    await pass(3 * DAY);
    const replaced = await tagsIn(registry);
    await own.deleteLifecyclePolicy(named);
    await pass(40 * DAY);

    expect(replaced).toEqual([undefined]);
    expect(await tagsIn(registry)).toEqual([undefined]);
    await expectRefusal(own.getLifecyclePolicy(named), "LifecyclePolicyNotFoundException");
  });

  test("can be tried first: the preview removes nothing", async () => {
    const registry = await aRegistry();
    const { own, named, push, pass } = registry;
    await push("one", "build-1");
    await pass(MINUTE);
    await push("two", "build-2");
    const lifecyclePolicyText = policy(rule(7, { tagStatus: "tagged", tagPrefixList: ["build-"], ...above(1) }));
    const start = () => own.startLifecyclePolicyPreview({ ...named, lifecyclePolicyText });

    await expectRefusal(own.getLifecyclePolicyPreview(named), "LifecyclePolicyPreviewNotFoundException");
    await start();
    await expectRefusal(start(), "LifecyclePolicyPreviewInProgressException");
    await pass(MINUTE);

    const preview = await own.getLifecyclePolicyPreview(named);
    expect(preview).toMatchObject({
      status: "COMPLETE",
      summary: { expiringImageTotalCount: 1 },
      previewResults: [{ imageTags: ["build-1"], appliedRulePriority: 7, action: { type: "EXPIRE" } }],
    });
    expect(await tagsIn(registry)).toEqual(["build-1", "build-2"]);
  });

  const untagged = { tagStatus: "untagged", ...afterDays(3) };
  test.each([
    [[rule(1, untagged), rule(1, { tagStatus: "any", ...above(1) })], "rulePriority 1 is used twice"],
    [[rule(1, untagged), rule(2, untagged)], "only one rule can have the tagStatus 'untagged'"],
    [[rule(1, { tagStatus: "any", ...above(1) }), rule(2, untagged)], "must have the highest rulePriority"],
    [[rule(1, { tagStatus: "tagged", ...above(1) })], "rules[0].selection: 'tagged' needs"],
    [[rule(1, { ...untagged, tagPrefixList: ["a"] })], "are for the tagStatus 'tagged'"],
    [[rule(1, { ...untagged, countNumber: 0 })], "countNumber must be a whole number above 0"],
    [[rule(1, { ...untagged, countUnit: "hours" })], "countUnit must be 'days'"],
    [[rule(1, { tagStatus: "any", countType: "size", countNumber: 1 })], "countType must be"],
    [[rule(1, untagged, { action: { type: "keep" } })], "action.type must be 'expire', found \"keep\""],
    [[rule(0, untagged)], "rules[0].rulePriority"],
  ])("%j is refused", async (rules, message) => {
    const { own, named } = await aRegistry();

    const put = own.putLifecyclePolicy({ ...named, lifecyclePolicyText: policy(...rules) });

    await expectRefusal(put, "InvalidParameterException", containing(message));
  });
});
