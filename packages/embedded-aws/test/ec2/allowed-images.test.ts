import { describe, expect, it } from "vitest";
import { refusalOf } from "../expect-refusal.ts";
import { anAws, anImage, FACTORY, MANAGEMENT, PRODUCTION, REGION, SANDBOX } from "./an-aws.ts";

const DAY = 86_400_000;

/** Production sees an image of the factory and one of sandbox. */
async function consumer() {
  const world = anAws();
  const shared = async (account: string, name: string) => {
    const ImageId = anImage(world.aws, name, {}, account);
    await world.by("ec2", account)("ModifyImageAttribute", {
      ImageId,
      LaunchPermission: { Add: [{ UserId: PRODUCTION }] },
    });
    return ImageId;
  };
  const golden = await shared(FACTORY, "acme-al2023");
  const wild = await shared(SANDBOX, "wild");
  const ec2 = world.by("ec2", PRODUCTION);
  const seen = async () => {
    const { Images = [] } = await ec2("DescribeImages", { ExecutableUsers: ["self"] });
    return Object.fromEntries(Images.map(({ Name, ImageAllowed }) => [Name, ImageAllowed]));
  };
  const launch = async (ImageId: string) =>
    (await refusalOf(ec2("RunInstances", { ImageId, MinCount: 1, MaxCount: 1, DryRun: true }))).code;
  const criteria = (...ImageCriteria: object[]) =>
    ec2("ReplaceImageCriteriaInAllowedImagesSettings", { ImageCriteria });
  const enable = (AllowedImagesSettingsState: string) =>
    ec2("EnableAllowedImagesSettings", { AllowedImagesSettingsState });
  const settings = () => ec2("GetAllowedImagesSettings");
  return { ...world, golden, wild, ec2, seen, launch, criteria, enable, settings };
}

describe("Allowed AMIs", () => {
  it("show in audit mode what would be kept away, and keep it away once enabled", async () => {
    const { golden, wild, seen, launch, criteria, enable, settings } = await consumer();
    await criteria({ ImageProviders: [FACTORY] });
    const off = await seen();
    await enable("audit-mode");
    const audited = [await seen(), await launch(wild)];
    await enable("enabled");

    expect(off).toEqual({ "acme-al2023": undefined, wild: undefined });
    expect(audited).toEqual([{ "acme-al2023": true, wild: false }, "DryRunOperation"]);
    expect(await seen()).toEqual({ "acme-al2023": true });
    expect(await launch(wild)).toBe("InvalidAMIID.NotFound");
    expect(await launch(golden)).toBe("DryRunOperation");
    expect(await settings()).toEqual({
      State: "enabled",
      ImageCriteria: [{ ImageProviders: [FACTORY] }],
      ManagedBy: "account",
    });
  });

  it("never restrict an account's own images", async () => {
    const { aws, launch, criteria, enable } = await consumer();
    const own = anImage(aws, "own", {}, PRODUCTION);
    await criteria({ ImageProviders: ["amazon"] });
    await enable("enabled");

    expect(await launch(own)).toBe("DryRunOperation");
  });

  it.each([
    ["name", { ImageNames: ["acme-*"] }],
    ["watermark", { ImageWatermarks: [{ WatermarkKey: `${FACTORY}:amint-*`, SourceImageRegion: REGION }] }],
    ["both", { ImageNames: ["*2023"], ImageWatermarks: [{ WatermarkKey: "*" }] }],
  ])("admit by %s", async (_by, criterion) => {
    const { by, golden, seen, criteria, enable } = await consumer();
    await by("ec2")("AttachImageWatermark", { ImageId: golden, WatermarkName: "amint-stable" });
    await criteria({ ImageProviders: ["amazon"] }, criterion);
    await enable("enabled");

    expect(await seen()).toEqual({ "acme-al2023": true });
  });

  it("admit no image that is too old, too long deprecated, or whose watermark is", async () => {
    const { by, clock, golden, seen, criteria, enable } = await consumer();
    await by("ec2")("AttachImageWatermark", { ImageId: golden, WatermarkName: "amint-stable" });
    await by("ec2")("EnableImageDeprecation", { ImageId: golden, DeprecateAt: new Date(clock.now() + DAY) });
    await enable("audit-mode");
    const conditions = [
      { CreationDateCondition: { MaximumDaysSinceCreated: 2 } },
      { DeprecationTimeCondition: { MaximumDaysSinceDeprecated: 1 } },
      { ImageWatermarks: [{ MaximumDaysSinceWatermarkCreated: 2 }] },
    ];
    const judge = async () => {
      const judged = [];
      for (const condition of conditions) {
        await criteria({ ImageNames: ["acme-*"], ...condition });
        const { Images } = await by("ec2", PRODUCTION)("DescribeImages", { ImageIds: [golden] });
        judged.push(Images?.[0]?.ImageAllowed);
      }
      return judged;
    };

    const young = await judge();
    await clock.runUntil(clock.now() + 3 * DAY);

    expect(young).toEqual([true, true, true]);
    expect(await judge()).toEqual([false, false, false]);
    expect(await seen()).not.toHaveProperty("acme-al2023", true);
  });

  it("are set by an organization's declarative policy, which the account cannot change", async () => {
    const { by, seen, settings, enable, criteria } = await consumer();
    const organizations = by("organizations", MANAGEMENT);
    await organizations("EnablePolicyType", { RootId: "r-abcd", PolicyType: "DECLARATIVE_POLICY_EC2" });
    const Content = JSON.stringify({
      ec2_attributes: {
        exception_message: { "@@assign": "Ask the image factory." },
        allowed_images_settings: {
          state: { "@@assign": "audit_mode" },
          image_criteria: {
            criteria_1: {
              allowed_image_providers: { "@@assign": [FACTORY, "aws_marketplace"] },
              creation_date_condition: { maximum_days_since_created: { "@@assign": "300" } },
            },
          },
        },
      },
    });
    const { Policy } = await organizations("CreatePolicy", {
      Name: "allowed",
      Description: "",
      Type: "DECLARATIVE_POLICY_EC2",
      Content,
    });
    await organizations("AttachPolicy", { PolicyId: Policy?.PolicySummary?.Id, TargetId: "r-abcd" });

    const refusals = await Promise.all([refusalOf(enable("enabled")), refusalOf(criteria({ ImageNames: ["*"] }))]);

    expect(await settings()).toEqual({
      State: "audit-mode",
      ImageCriteria: [
        { ImageProviders: [FACTORY, "aws-marketplace"], CreationDateCondition: { MaximumDaysSinceCreated: 300 } },
      ],
      ManagedBy: "declarative-policy",
    });
    expect(await seen()).toEqual({ "acme-al2023": true, wild: false });
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        code: "OperationNotPermitted",
        message: "This functionality has been disabled by a Declarative Policy. Custom Message: Ask the image factory.",
      });
    }
  });

  it("take no criteria that EC2 would not take, or that are not built", async () => {
    const { criteria } = await consumer();
    const refused = async (...all: object[]) => (await refusalOf(criteria(...all))).code;

    expect(await refused({ ImageProviders: ["none", FACTORY] })).toBe("InvalidParameterValue");
    expect(await refused({ ImageProviders: ["acme"] })).toBe("InvalidParameterValue");
    expect(await refused({ ImageNames: ["a?"] })).toBe("InvalidParameterValue");
    expect(await refused(...Array.from({ length: 11 }, () => ({ ImageNames: ["*"] })))).toBe("InvalidParameterValue");
    expect(await refused({ ScanResultCondition: { MaximumSeverityLabel: "low" } })).toBe("NotImplemented");
  });
});
