import type { DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { releaseSuccessor, seedPublicImages } from "../../src/services/ec2/release-public-image.ts";
import { anAws, OTHER_REGION, REGION } from "./an-aws.ts";

function aSeededAws() {
  const world = anAws();
  seedPublicImages(world.aws, [REGION, OTHER_REGION]);
  const call = (region: string) => world.by("ec2", undefined, region);
  const list = async (input: object, region = REGION) =>
    (await call(region)<DescribeImagesCommandOutput>("DescribeImages", input)).Images ?? [];
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
  const { byName } = aSeededAws();

  const images = await byName(owner, name);

  expect(images.length).toBeGreaterThan(0);
  for (const image of images) expect(image).toMatchObject({ UsageOperation, PlatformDetails });
});

test("a copy keeps the billing code, and an AMI that is registered from its snapshot has none", async () => {
  const { clock, call, list, byName } = aSeededAws();
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
  const { aws, clock, byName } = aSeededAws();
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
