import { describe, expect, it, test } from "vitest";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { releasePublicImage, releaseSuccessor, seedPublicImages } from "../../src/services/ec2/release-public-image.ts";
import { expectRefusal, refusalOf } from "../expect-refusal.ts";
import { anAws, FACTORY, OTHER_REGION, REGION, STRANGER } from "./an-aws.ts";

function someImages(names: readonly string[]) {
  const world = anAws();
  const ids = names.map((name, index) =>
    registerImage(world.aws, FACTORY, REGION, {
      name,
      architecture: index % 2 ? "arm64" : "x86_64",
      sourceImageId: "ami-00000000000000001",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8 + index }],
      tags: { index: `${index}`, team: index < 2 ? "base" : "web" },
    }),
  );
  const named = async (filters: Record<string, string[]>, input: object = {}) => {
    const Filters = Object.entries(filters).map(([Name, Values]) => ({ Name, Values }));
    const found = await world.by("ec2")("DescribeImages", { Filters, ...input });
    return found.Images?.map((image) => image.Name);
  };
  return { ...world, ids, named };
}

describe("DescribeImages", () => {
  it.each<[string, Record<string, string[]>, string[]]>([
    ["a name", { name: ["base-2"] }, ["base-2"]],
    ["a name with wildcards", { name: ["base-?", "w*"] }, ["base-1", "base-2", "web"]],
    ["an escaped wildcard, which is a letter", { name: ["base-\\?"] }, []],
    ["special letters, which are letters", { name: ["base.1"] }, []],
    ["several filters, all of them", { architecture: ["arm64"], "tag:team": ["base"] }, ["base-2"]],
    ["a tag's key", { "tag-key": ["inde*"] }, ["base-1", "base-2", "web"]],
    ["a device", { "block-device-mapping.volume-size": ["10"] }, ["web"]],
    ["the source", { "source-image-id": ["ami-00000000000000001"] }, ["base-1", "base-2", "web"]],
    ["the creation date's beginning", { "creation-date": ["2026-04-01T*"] }, ["base-1", "base-2", "web"]],
    ["state and owner", { state: ["available"], "owner-id": [FACTORY] }, ["base-1", "base-2", "web"]],
    ["what nothing is", { platform: ["windows"] }, []],
  ])("filters by %s", async (_, filters, expected) => {
    const { named } = someImages(["base-1", "base-2", "web"]);

    const found = await named(filters);

    expect(found).toEqual(expected);
  });

  it("refuses filters it has not got, and owners that are none", async () => {
    const { named } = someImages([]);

    await expectRefusal(named({ colour: ["red"] }), "InvalidParameterValue", "The filter 'colour' is invalid");
    await expectRefusal(named({}, { Owners: ["me"] }), "InvalidParameterValue");
  });

  it("names every image that isn't there", async () => {
    const { ids, named } = someImages(["base-1"]);

    await expectRefusal(
      named({}, { ImageIds: [...ids, "ami-0123456789abcdef0", "ami-0123456789abcdef1"] }),
      "InvalidAMIID.NotFound",
      "The image ids '[ami-0123456789abcdef0, ami-0123456789abcdef1]' do not exist",
    );
  });

  it("ends a dry run with DryRunOperation, status 412", async () => {
    const { named } = someImages([]);

    const refusal = await refusalOf(named({}, { DryRun: true }));

    expect(refusal).toMatchObject({ code: "DryRunOperation", status: 412 });
  });
});

const AL2023 = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

function aSeededAws() {
  const world = anAws();
  seedPublicImages(world.aws, [REGION, OTHER_REGION]);
  const parameter = async (name: string, region = REGION) =>
    (await world.by("ssm", STRANGER, region)("GetParameter", { Name: name })).Parameter;
  const images = async (input: object, region = REGION) =>
    (await world.by("ec2", STRANGER, region)("DescribeImages", input)).Images ?? [];
  return { ...world, parameter, images };
}

describe("public images", () => {
  it.each([
    [AL2023, "al2023-ami-2023.11.20260401.0-kernel-6.1-x86_64"],
    [AL2023.replace("x86_64", "arm64"), "al2023-ami-2023.11.20260401.0-kernel-6.1-arm64"],
    [
      "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
      "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260401",
    ],
    [
      "/aws/service/canonical/ubuntu/server/22.04/stable/current/arm64/hvm/ebs-gp2/ami-id",
      "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-arm64-server-20260401",
    ],
    [
      "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
      "Windows_Server-2022-English-Full-Base-2026.04.01",
    ],
    ["/aws/service/debian/release/12/latest/amd64", "debian-12-amd64-20260401-2434"],
    ["/aws/service/debian/release/13/latest/arm64", "debian-13-arm64-20260401-2434"],
  ])("are found by every account through %s", async (name, imageName) => {
    const { parameter, images } = aSeededAws();

    const found = await parameter(name);
    const [image] = await images({ ImageIds: [found?.Value] });

    expect(found?.ARN).toBe(`arn:aws:ssm:${REGION}::parameter${name}`);
    expect(image).toMatchObject({ Name: imageName, Public: true, ImageOwnerAlias: "amazon" });
    expect(image?.PublicSsmParameterName).toBe(name);
  });

  it("have ids of their own in each region", async () => {
    const { parameter } = aSeededAws();

    const [here, there] = [await parameter(AL2023), await parameter(AL2023, OTHER_REGION)];

    expect(here?.Value).not.toBe(there?.Value);
  });

  it("are listed by owner", async () => {
    const { images } = aSeededAws();

    expect(await images({ Owners: ["099720109477"] })).toHaveLength(8);
    expect(await images({ Owners: ["amazon"], Filters: [{ Name: "platform", Values: ["windows"] }] })).toHaveLength(5);
    expect(
      await images({ Owners: ["309956199498"], Filters: [{ Name: "name", Values: ["RHEL-9*_HVM-*"] }] }),
    ).toHaveLength(2);
    expect(
      (await images({ Filters: [{ Name: "name", Values: ["Rocky-10-*", "AlmaLinux OS 10*", "suse-sles-16-0-v*"] }] }))
        .length,
    ).toBe(6);
    expect(await images({ Owners: ["self"] })).toEqual([]);
  });

  it("move their parameter when a newer one is released, and stay", async () => {
    const { aws, parameter, images } = aSeededAws();
    const before = await parameter(AL2023);

    const released = releasePublicImage(aws, {
      family: "al2023",
      architecture: "x86_64",
      regions: [REGION],
      version: "2023.11.20260413.0",
    });
    const after = await parameter(AL2023);

    expect(after).toMatchObject({ Value: released[REGION], Version: 2 });
    expect(await images({ ImageIds: [before?.Value, after?.Value] })).toHaveLength(2);
  });

  it("are listed by path, and their parameters can't be written by accounts", async () => {
    const { by } = aSeededAws();
    const ssm = by("ssm", STRANGER);

    const found = await ssm("GetParametersByPath", { Path: "/aws/service/ami-amazon-linux-latest" });

    expect(found.Parameters).toHaveLength(4);
    await expect(ssm("PutParameter", { Name: AL2023, Value: "x", Type: "String", Overwrite: true })).rejects.toThrow(
      "No access to reserved parameter name",
    );
  });
});

function aBilledAws() {
  const world = anAws();
  seedPublicImages(world.aws, [REGION, OTHER_REGION]);
  const call = (region: string) => world.by("ec2", undefined, region);
  const list = async (input: object, region = REGION) => (await call(region)("DescribeImages", input)).Images ?? [];
  const byName = (owner: string, name: string, more: object = {}) =>
    list({ Owners: [owner], Filters: [{ Name: "name", Values: [name] }], ...more });
  return { ...world, call, list, byName };
}

test.each([
  ["amazon", "Windows_Server-2022-English-Core-*", "RunInstances:0002", "Windows"],
  ["309956199498", "RHEL-9*_HVM-*-arm64-*", "RunInstances:0010", "Red Hat Enterprise Linux"],
  ["013907871322", "suse-sles-15-sp7-*-x86_64", "RunInstances:000g", "SUSE Linux"],
  ["099720109477", "ubuntu-pro-server/images/*24.04-amd64-*", "RunInstances:0g00", "Ubuntu Pro"],
  ["136693071363", "debian-1?-amd64-*", "RunInstances", "Linux/UNIX"],
])("AMIs of %s named %s are billed as %s", async (owner, name, UsageOperation, PlatformDetails) => {
  const { byName } = aBilledAws();

  const images = await byName(owner, name);

  expect(images.length).toBeGreaterThan(0);
  for (const image of images) expect(image).toMatchObject({ UsageOperation, PlatformDetails });
});

test("a copy keeps the billing code, and an AMI that is registered from its snapshot has none", async () => {
  const { clock, call, list, byName } = aBilledAws();
  const [source] = await byName("309956199498", "RHEL-9*-x86_64-*");

  const { ImageId } = await call(OTHER_REGION)<{ ImageId: string }>("CopyImage", {
    Name: "copied",
    SourceImageId: source?.ImageId,
    SourceRegion: REGION,
  });
  await clock.runUntil(clock.now() + 3_600_000);
  const [copy] = await list({ ImageIds: [ImageId] }, OTHER_REGION);
  const [device] = copy?.BlockDeviceMappings ?? [];
  const registered = await call(OTHER_REGION)<{ ImageId: string }>("RegisterImage", {
    Name: "registered",
    Architecture: "x86_64",
    RootDeviceName: device?.DeviceName,
    BlockDeviceMappings: [{ DeviceName: device?.DeviceName, Ebs: { SnapshotId: device?.Ebs?.SnapshotId } }],
  });

  expect(copy?.UsageOperation).toBe("RunInstances:0010");
  expect((await list({ ImageIds: [registered.ImageId] }, OTHER_REGION))[0]?.UsageOperation).toBe("RunInstances");
});

test("an owner's next AMI is newer, and its predecessor is hidden from others once it is deprecated", async () => {
  const { aws, clock, byName } = aBilledAws();
  const [first] = await byName("136693071363", "debian-12-amd64-*");
  await clock.runUntil(clock.now() + 86_400_000);

  const second = releaseSuccessor(aws, REGION, first?.ImageId ?? "");

  expect((await byName("136693071363", "debian-12-amd64-*")).map(({ ImageId }) => ImageId)).toEqual([
    first?.ImageId,
    second,
  ]);
  await clock.runUntil(clock.now() + 2 * 365 * 86_400_000 - 3_600_000);
  expect((await byName("136693071363", "debian-12-amd64-*")).map(({ ImageId }) => ImageId)).toEqual([second]);
  expect(await byName("136693071363", "debian-12-amd64-*", { IncludeDeprecated: true })).toHaveLength(2);
  expect(await byName("136693071363", "DEBIAN-12-*")).toEqual([]);
  expect(releaseSuccessor(aws, REGION, "ami-0123456789abcdef0")).toBeUndefined();
});
