import type { CreateLaunchTemplateVersionCommandOutput } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../expect-refusal.ts";
import { anAws, anImage, PRODUCTION } from "./an-aws.ts";

async function templates() {
  const world = anAws();
  const image = (name: string) => anImage(world.aws, name);
  const ec2 = world.by("ec2");
  const put = (Value: string) =>
    world.by("ssm")("PutParameter", { Name: "/golden/stable", Type: "String", Value, Overwrite: true });
  const create = (LaunchTemplateData: object, more: object = {}) =>
    ec2("CreateLaunchTemplate", { LaunchTemplateName: "web", LaunchTemplateData, ...more });
  const version = (LaunchTemplateData: object, more: object = {}) =>
    ec2("CreateLaunchTemplateVersion", { LaunchTemplateName: "web", LaunchTemplateData, ...more });
  const versions = async (more: object = {}) =>
    (await ec2("DescribeLaunchTemplateVersions", { LaunchTemplateName: "web", ...more })).LaunchTemplateVersions ?? [];
  const run = (LaunchTemplate: object, more: object = {}) =>
    ec2("RunInstances", { LaunchTemplate, MinCount: 1, MaxCount: 1, ...more });
  return { ...world, ec2, image, put, create, version, versions, run };
}

describe("launch templates", () => {
  it("launch what the parameter names by then, and show it on request", async () => {
    const { image, put, create, versions, run } = await templates();
    const [old, young] = [image("old"), image("young")];
    await put(old);
    await create({ ImageId: "resolve:ssm:/golden/stable", InstanceType: "t3.micro" });
    const before = await versions({ ResolveAlias: true });
    await put(young);

    const launched = await run({ LaunchTemplateName: "web" });

    expect(before[0]?.LaunchTemplateData?.ImageId).toBe(old);
    expect((await versions())[0]?.LaunchTemplateData?.ImageId).toBe("resolve:ssm:/golden/stable");
    expect(launched.Instances?.[0]).toMatchObject({ ImageId: young, InstanceType: "t3.micro" });
  });

  it("have versions that start from another one, and a default that stays the first", async () => {
    const { image, create, version, versions, run } = await templates();
    const id = image("golden");
    const { LaunchTemplate } = await create({ ImageId: id, InstanceType: "t3.micro" });
    await version({ InstanceType: "t3.large" }, { SourceVersion: "$Latest", VersionDescription: "larger" });

    const both = await versions();
    const newest = await run({ LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: "$Latest" });
    const first = await run({ LaunchTemplateName: "web" });

    expect(both).toMatchObject([
      { VersionNumber: 2, VersionDescription: "larger", DefaultVersion: false, LaunchTemplateData: { ImageId: id } },
      { VersionNumber: 1, DefaultVersion: true },
    ]);
    expect(newest.Instances?.[0]?.InstanceType).toBe("t3.large");
    expect(first.Instances?.[0]?.InstanceType).toBe("t3.micro");
    expect(await versions({ Versions: ["$Latest"] })).toMatchObject([{ VersionNumber: 2 }]);
  });

  it("launch the default version, which cannot be deleted; version numbers are not reused", async () => {
    const { image, create, version, versions, run, ec2 } = await templates();
    const [old, young] = [image("old"), image("young")];
    await create({ ImageId: old, InstanceType: "t3.micro" });
    for (const _ of [2, 3]) await version({ ImageId: young }, { SourceVersion: "1" });
    const named = { LaunchTemplateName: "web" };
    await ec2("ModifyLaunchTemplate", { ...named, DefaultVersion: "2" });

    const deleted = await ec2("DeleteLaunchTemplateVersions", { ...named, Versions: ["1", "2", "3", "7"] });
    const made = await version({ ImageId: old });

    expect((await run(named)).Instances?.[0]?.ImageId).toBe(young);
    expect(deleted.SuccessfullyDeletedLaunchTemplateVersions?.map(({ VersionNumber }) => VersionNumber)).toEqual([
      1, 3,
    ]);
    expect(
      deleted.UnsuccessfullyDeletedLaunchTemplateVersions?.map((one) => [one.VersionNumber, one.ResponseError?.Code]),
    ).toEqual([
      [2, "unexpectedError"],
      [7, "launchTemplateVersionDoesNotExist"],
    ]);
    expect(made.LaunchTemplateVersion?.VersionNumber).toBe(4);
    expect((await versions()).map(({ VersionNumber, DefaultVersion }) => [VersionNumber, DefaultVersion])).toEqual([
      [4, false],
      [2, true],
    ]);
    expect(await refusalOf(ec2("ModifyLaunchTemplate", { ...named, DefaultVersion: "3" }))).toMatchObject({
      code: "InvalidLaunchTemplateId.VersionNotFound",
    });
  });

  it("do not hand the snapshots of their devices on to a version that starts from another", async () => {
    const { image, create, version } = await templates();
    const device = (SnapshotId: string) => ({ DeviceName: "/dev/sdf", Ebs: { SnapshotId, VolumeSize: 20 } });
    await create({ ImageId: image("old"), BlockDeviceMappings: [device("snap-00000000000000001")] });

    const inherited = await version({ ImageId: image("young") }, { SourceVersion: "1" });
    const explicit = await version({ BlockDeviceMappings: [device("snap-00000000000000002")] }, { SourceVersion: "1" });

    const devicesOf = (made: CreateLaunchTemplateVersionCommandOutput) =>
      made.LaunchTemplateVersion?.LaunchTemplateData?.BlockDeviceMappings;
    expect(devicesOf(inherited)).toEqual([{ DeviceName: "/dev/sdf", Ebs: { VolumeSize: 20 } }]);
    expect(devicesOf(explicit)).toEqual([device("snap-00000000000000002")]);
  });

  it("make one version for one client token, and none in a dry run", async () => {
    const { image, create, version, versions } = await templates();
    await create({ ImageId: image("old") });
    const ImageId = image("young");
    const numbers = [];
    for (const _ of [1, 2]) {
      numbers.push((await version({ ImageId }, { ClientToken: "once" })).LaunchTemplateVersion?.VersionNumber);
    }
    const dry = await refusalOf(version({ ImageId }, { DryRun: true }));

    expect(numbers).toEqual([2, 2]);
    expect(dry.code).toBe("DryRunOperation");
    expect(await versions()).toHaveLength(2);
  });

  it("are overridden by the launch's parameters, and add their tags to the launch's", async () => {
    const { image, create, run } = await templates();
    const tags = (Key: string) => [{ ResourceType: "instance", Tags: [{ Key, Value: "1" }] }];
    await create({
      ImageId: image("golden"),
      InstanceType: "t3.micro",
      MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 3 },
      TagSpecifications: tags("template"),
    });

    const { Instances } = await run(
      { LaunchTemplateName: "web" },
      { InstanceType: "t3.large", MetadataOptions: { HttpTokens: "optional" }, TagSpecifications: tags("own") },
    );

    expect(Instances?.[0]).toMatchObject({
      InstanceType: "t3.large",
      MetadataOptions: { HttpTokens: "optional", HttpPutResponseHopLimit: 3 },
      Tags: [
        { Key: "template", Value: "1" },
        { Key: "own", Value: "1" },
      ],
    });
  });

  it("are refused in EC2's words", async () => {
    const { ec2, create, version, run } = await templates();
    await create({ InstanceType: "t3.micro" });
    const refused = async (call: Promise<unknown>) => (await refusalOf(call)).code;

    expect(await refused(create({ InstanceType: "t3.micro" }))).toBe(
      "InvalidLaunchTemplateName.AlreadyExistsException",
    );
    expect(await refused(create({}, { LaunchTemplateName: "empty" }))).toBe("InvalidRequest");
    expect(await refused(version({ InstanceType: "t3.nano" }, { SourceVersion: "7" }))).toBe(
      "InvalidLaunchTemplateId.VersionNotFound",
    );
    expect(await refused(run({ LaunchTemplateId: "lt-00000000000000000" }))).toBe("InvalidLaunchTemplateId.NotFound");
    expect(await refused(run({ LaunchTemplateName: "none" }))).toBe("InvalidLaunchTemplateName.NotFoundException");
    expect(await refused(run({ LaunchTemplateName: "web" }))).toBe("MissingParameter");
    await ec2("DeleteLaunchTemplate", { LaunchTemplateName: "web" });
    expect(await refused(run({ LaunchTemplateName: "web" }))).toBe("InvalidLaunchTemplateName.NotFoundException");
  });

  it("belong to one account", async () => {
    const { by, create } = await templates();
    const { LaunchTemplate } = await create({ InstanceType: "t3.micro" });

    const foreign = by("ec2", PRODUCTION)("DescribeLaunchTemplates", {
      LaunchTemplateIds: [LaunchTemplate?.LaunchTemplateId],
    });

    expect((await refusalOf(foreign)).code).toBe("InvalidLaunchTemplateId.NotFound");
  });
});
