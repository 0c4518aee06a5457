import { describe, expect, it } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { allowEverything } from "../../src/engine/authorizer.ts";
import { RealClock } from "../../src/engine/clock/real-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { anAws, FACTORY, REGION } from "../ec2/an-aws.ts";
import { expectRefusal, refusalOf } from "../expect-refusal.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const days = (RetentionPeriodValue: number) => ({ RetentionPeriodValue, RetentionPeriodUnit: "DAYS" });
const tag = (ResourceTagKey: string, ResourceTagValue?: string) => ({
  ResourceTagKey,
  ...(ResourceTagValue !== undefined && { ResourceTagValue }),
});
const lock = (UnlockDelayValue: number) => ({ UnlockDelay: { UnlockDelayValue, UnlockDelayUnit: "DAYS" } });

interface Rule {
  readonly Identifier: string;
  readonly RuleArn: string;
  readonly Status: string;
}

/** An account in which a first rule has become active, for volumes: nothing that is deleted here. */
async function anActiveBin() {
  const world = anAws();
  const rbin = world.by("rbin");
  await rbin("CreateRule", { ResourceType: "EBS_VOLUME", RetentionPeriod: days(7) });
  await world.clock.runUntil(world.clock.now() + 30 * MINUTE);
  const create = (input: object) =>
    rbin<Rule>("CreateRule", { ResourceType: "EC2_IMAGE", RetentionPeriod: days(7), ...input });
  /** For how many days the bin keeps an image with these tags; undefined: it does not. */
  const keptFor = async (tags: Record<string, string>) => {
    const ImageId = registerImage(world.aws, FACTORY, REGION, {
      name: `image ${world.aws.nextId()}`,
      architecture: "x86_64",
      blockDeviceMappings: [],
      tags,
    });
    const ec2 = world.by("ec2");
    await ec2("DeregisterImage", { ImageId });
    const { Images } = await ec2<{ Images: { ImageId: string; RecycleBinExitTime: Date }[] }>("ListImagesInRecycleBin");
    const kept = Images.find((one) => one.ImageId === ImageId);
    return kept && (kept.RecycleBinExitTime.getTime() - world.clock.now()) / DAY;
  };
  return { ...world, rbin, create, keptFor };
}

describe("a retention rule", () => {
  it("of a region keeps everything of its kind but what has an exclusion tag", async () => {
    const { create, keptFor } = await anActiveBin();
    await create({ ExcludeResourceTags: [tag("scratch"), tag("stage", "test")] });

    const kept = [
      await keptFor({}),
      await keptFor({ stage: "production" }),
      await keptFor({ stage: "test" }),
      await keptFor({ scratch: "whatever" }),
    ];

    expect(kept).toEqual([7, 7, undefined, undefined]);
  });

  it("with resource tags keeps what has one of them, the longest of several rules", async () => {
    const { create, keptFor } = await anActiveBin();
    await create({ ResourceTags: [tag("factory", "acme"), tag("keep")] });
    await create({ ResourceTags: [tag("factory", "acme")], RetentionPeriod: days(30) });

    const kept = [await keptFor({ factory: "acme" }), await keptFor({ keep: "" }), await keptFor({ factory: "other" })];

    expect(kept).toEqual([30, 7, undefined]);
  });

  it("of another kind, of another region, and one that was deleted, keep nothing", async () => {
    const { by, rbin, create, keptFor } = await anActiveBin();
    await rbin("CreateRule", { ResourceType: "EBS_SNAPSHOT", RetentionPeriod: days(7) });
    await by("rbin", FACTORY, "us-east-1")("CreateRule", { ResourceType: "EC2_IMAGE", RetentionPeriod: days(7) });
    const { Identifier } = await create({});
    await rbin("DeleteRule", { Identifier });

    const kept = await keptFor({});
    const gone = await refusalOf(rbin("GetRule", { Identifier }));

    expect(kept).toBeUndefined();
    expect(gone).toMatchObject({ code: "ResourceNotFoundException", members: { Reason: "RULE_NOT_FOUND" } });
  });

  it("is pending for a second on a real clock", async () => {
    const aws = createAws({ clock: new RealClock(), authorizer: allowEverything });
    const rbin = (operation: string, input: object) =>
      aws.call<Rule>("rbin", operation, input, { principal: accountPrincipal(FACTORY), region: REGION });

    const first = await rbin("CreateRule", { ResourceType: "EC2_IMAGE", RetentionPeriod: days(1) });
    const status = async () => (await rbin("GetRule", { Identifier: first.Identifier })).Status;

    expect(first.Status).toBe("pending");
    await expect.poll(status, { timeout: 3_000 }).toBe("available");
  });

  it("is pending for half an hour if it is the account's first", async () => {
    const { by, clock } = anAws();
    const rbin = by("rbin");
    const first = await rbin<Rule>("CreateRule", { ResourceType: "EC2_IMAGE", RetentionPeriod: days(1) });
    const second = await rbin<Rule>("CreateRule", { ResourceType: "EC2_IMAGE", RetentionPeriod: days(2) });

    await clock.runUntil(clock.now() + 30 * MINUTE);
    const later = await rbin<Rule>("GetRule", { Identifier: first.Identifier });

    expect([first.Status, second.Status, later.Status]).toEqual(["pending", "available", "available"]);
  });

  it("is read back, listed by kind and tag, and changed", async () => {
    const { rbin, create } = await anActiveBin();
    const made = await create({
      Description: "deregistered images",
      ResourceTags: [tag("factory", "acme")],
      Tags: [{ Key: "team", Value: "platform" }],
    });
    await create({});

    const list = (input: object) => rbin<{ Rules: Rule[] }>("ListRules", { ResourceType: "EC2_IMAGE", ...input });
    const tagged = await list({ ResourceTags: [tag("factory", "acme")] });
    const all = await list({});
    const changed = await rbin("UpdateRule", { Identifier: made.Identifier, RetentionPeriod: days(365) });
    const read = await rbin("GetRule", { Identifier: made.Identifier });

    expect(made.RuleArn).toBe(`arn:aws:rbin:${REGION}:${FACTORY}:rule/${made.Identifier}`);
    expect(tagged.Rules.map(({ Identifier }) => Identifier)).toEqual([made.Identifier]);
    expect(all.Rules).toHaveLength(2);
    expect(read).toEqual(changed);
    expect(read).toEqual({
      Identifier: made.Identifier,
      RuleArn: made.RuleArn,
      Description: "deregistered images",
      ResourceType: "EC2_IMAGE",
      RetentionPeriod: days(365),
      ResourceTags: [tag("factory", "acme")],
      Status: "available",
    });
  });

  it("has tags of its own", async () => {
    const { rbin, create } = await anActiveBin();
    const { RuleArn: ResourceArn } = await create({ Tags: [{ Key: "team", Value: "platform" }] });
    await rbin("TagResource", { ResourceArn, Tags: [{ Key: "cost", Value: "1" }] });
    await rbin("UntagResource", { ResourceArn, TagKeys: ["team"] });

    const { Tags } = await rbin<{ Tags: object[] }>("ListTagsForResource", { ResourceArn });

    expect(Tags).toEqual([{ Key: "cost", Value: "1" }]);
  });

  it("that is locked stays until it was unlocked and its delay is over", async () => {
    const { clock, rbin, create } = await anActiveBin();
    const { Identifier } = await create({});
    await rbin("LockRule", { Identifier, LockConfiguration: lock(7) });
    const change = () => rbin("UpdateRule", { Identifier, RetentionPeriod: days(1) });
    const stateOf = async () => (await rbin<{ LockState: string }>("GetRule", { Identifier })).LockState;

    const locked = [await stateOf(), (await refusalOf(change())).code];
    const unlocked = await rbin("UnlockRule", { Identifier });
    const pending = [await stateOf(), (await refusalOf(rbin("DeleteRule", { Identifier }))).code];
    const endsAt = clock.now() + 7 * DAY;
    await clock.runUntil(endsAt);
    const free = await stateOf();
    await change();

    expect(locked).toEqual(["locked", "ConflictException"]);
    expect(unlocked).toMatchObject({ LockState: "pending_unlock", LockEndTime: new Date(endsAt) });
    expect(pending).toEqual(["pending_unlock", "ConflictException"]);
    expect(free).toBe("unlocked");
    expect(await rbin("GetRule", { Identifier })).not.toHaveProperty("LockEndTime");
  });

  it.each([
    ["longer than a year", { RetentionPeriod: days(366) }, /between 1 and 365 days, not 366/],
    ["of a volume for longer than a week", { ResourceType: "EBS_VOLUME", RetentionPeriod: days(8) }, /1 and 7 days/],
    ["with both kinds of tags", { ResourceTags: [tag("a")], ExcludeResourceTags: [tag("b")] }, /Exclusion tags/],
    ["locked and with resource tags", { ResourceTags: [tag("a")], LockConfiguration: lock(7) }, /can be locked/],
    ["of something else", { ResourceType: "EC2_INSTANCE" }, /EC2_INSTANCE|ResourceType/i],
    ["locked for a day", { LockConfiguration: lock(1) }, /nlockDelayValue|greater than or equal to 7/i],
  ])("%s is refused", async (_, input, message) => {
    const { create } = await anActiveBin();

    const refusal = await refusalOf(create(input));

    expect(refusal.code).toBe("ValidationException");
    expect(refusal.message).toMatch(message);
  });

  it("is one of at most five with the same tag", async () => {
    const { create } = await anActiveBin();
    for (let n = 0; n < 5; n++) await create({ ResourceTags: [tag("factory", "acme")] });

    await expectRefusal(create({ ResourceTags: [tag("factory", "acme")] }), "ServiceQuotaExceededException");
  });
});
