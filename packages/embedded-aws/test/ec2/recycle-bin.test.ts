import { describe, expect, it } from "vitest";
import { codeOf } from "../expect-refusal.ts";
import { type Connect, TRANSPORTS } from "../wire/transports.ts";
import { anAws, anImage, ec2Clients, FACTORY, PRODUCTION } from "./an-aws.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** An image whose snapshot and itself are retained, for a week and two. */
async function aBin(connect: Connect) {
  const { aws, clock, by } = anAws();
  const rbin = by("rbin");
  const days = (RetentionPeriodValue: number) => ({ RetentionPeriodValue, RetentionPeriodUnit: "DAYS" });
  await rbin("CreateRule", { ResourceType: "EC2_IMAGE", RetentionPeriod: days(7) });
  await rbin("CreateRule", { ResourceType: "EBS_SNAPSHOT", RetentionPeriod: days(14) });
  await clock.runUntil(clock.now() + 30 * MINUTE);
  const client = await ec2Clients(connect, aws);
  const ImageId = anImage(aws, "golden", { description: "a golden image", tags: { build: "1" } });
  const ec2 = client();
  const { Images } = await ec2.describeImages({ ImageIds: [ImageId] });
  const SnapshotId = Images?.[0]?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? "";
  await ec2.modifyImageAttribute({ ImageId, LaunchPermission: { Add: [{ UserId: PRODUCTION }] } });
  await ec2.modifySnapshotAttribute({ SnapshotId, CreateVolumePermission: { Add: [{ UserId: PRODUCTION }] } });
  const deregister = () => ec2.deregisterImage({ ImageId, DeleteAssociatedSnapshots: true });
  const binned = async () => ({
    images: (await ec2.listImagesInRecycleBin({})).Images ?? [],
    snapshots: (await ec2.listSnapshotsInRecycleBin({})).Snapshots ?? [],
  });
  const restoreSnapshot = () => ec2.restoreSnapshotFromRecycleBin({ SnapshotId });
  const restoreImage = () => ec2.restoreImageFromRecycleBin({ ImageId });
  return { clock, rbin, client, ec2, ImageId, SnapshotId, deregister, binned, restoreSnapshot, restoreImage };
}

describe.each(TRANSPORTS)("the bin, $name", ({ connect }) => {
  it("keeps a deregistered image and its deleted snapshots, which no account can use", async () => {
    const { clock, client, ec2, ImageId, SnapshotId, deregister, binned } = await aBin(connect);
    const at = clock.now();

    const { DeleteSnapshotResults } = await deregister();
    const { images, snapshots } = await binned();
    const launch = { ImageId, InstanceType: "t3.micro" as const, MinCount: 1, MaxCount: 1 };
    const refused = [
      await codeOf(ec2.runInstances(launch)),
      await codeOf(client(PRODUCTION).runInstances(launch)),
      await codeOf(ec2.describeImages({ ImageIds: [ImageId] })),
      await codeOf(ec2.enableImage({ ImageId })),
      await codeOf(ec2.modifyImageAttribute({ ImageId, LaunchPermission: { Add: [{ UserId: PRODUCTION }] } })),
      await codeOf(ec2.deregisterImage({ ImageId })),
      await codeOf(ec2.deleteSnapshot({ SnapshotId })),
    ];

    expect(DeleteSnapshotResults).toEqual([{ SnapshotId, ReturnCode: "success" }]);
    expect(images).toEqual([
      {
        ImageId,
        Name: "golden",
        Description: "a golden image",
        RecycleBinEnterTime: new Date(at),
        RecycleBinExitTime: new Date(at + 7 * DAY),
      },
    ]);
    expect(snapshots).toMatchObject([{ SnapshotId, RecycleBinExitTime: new Date(at + 14 * DAY) }]);
    expect(refused).toEqual([...Array(6).fill("InvalidAMIID.NotFound"), "InvalidSnapshot.NotFound"]);
  });

  it("restores both unchanged, snapshots first, with share lists and tags", async () => {
    const { client, ec2, ImageId, deregister, restoreImage, restoreSnapshot, binned } = await aBin(connect);
    await deregister();

    const early = await codeOf(restoreImage());
    const snapshot = await restoreSnapshot();
    const { Return } = await restoreImage();
    const { Images } = await ec2.describeImages({ ImageIds: [ImageId] });
    const launch = { ImageId, InstanceType: "t3.micro" as const, MinCount: 1, MaxCount: 1 };
    const { Instances } = await client(PRODUCTION).runInstances(launch);
    const left = await binned();

    expect(early).toBe("InvalidSnapshot.NotFound");
    expect(snapshot).toMatchObject({ OwnerId: FACTORY, State: "completed", Progress: "100%", VolumeSize: 8 });
    expect(Return).toBe(true);
    expect(Images).toMatchObject([{ State: "available", Tags: [{ Key: "build", Value: "1" }] }]);
    expect(Instances).toHaveLength(1);
    expect(left).toEqual({ images: [], snapshots: [] });
  });

  it("restores a disabled image as disabled", async () => {
    const { ec2, ImageId, deregister, restoreImage, restoreSnapshot } = await aBin(connect);
    await ec2.disableImage({ ImageId });
    await deregister();

    await restoreSnapshot();
    await restoreImage();
    const shown = { ImageIds: [ImageId], IncludeDisabled: true };
    const { Images } = await ec2.describeImages(shown);

    expect(Images).toMatchObject([{ ImageId, State: "disabled" }]);
  });

  it("ends after the retention period: what is left of an image without its snapshots cannot come back", async () => {
    const { clock, rbin, ec2, ImageId, deregister, restoreImage, restoreSnapshot, binned } = await aBin(connect);
    const { Rules } = await rbin<{ Rules: { Identifier: string }[] }>("ListRules", { ResourceType: "EC2_IMAGE" });
    const longer = { RetentionPeriodValue: 30, RetentionPeriodUnit: "DAYS" };
    await rbin("UpdateRule", { Identifier: Rules[0]?.Identifier, RetentionPeriod: longer });
    await deregister();

    await clock.runUntil(clock.now() + 14 * DAY);
    const withoutSnapshot = await binned();
    const refused = [await codeOf(restoreSnapshot()), await codeOf(restoreImage())];
    await clock.runUntil(clock.now() + 16 * DAY);
    const { images } = await binned();
    const resource = [{ Name: "resource-id", Values: [ImageId] }];
    const { Tags } = await ec2.describeTags({ Filters: resource });

    expect(withoutSnapshot).toMatchObject({ images: [{ ImageId }], snapshots: [] });
    expect(refused).toEqual(["InvalidSnapshot.NotFound", "InvalidSnapshot.NotFound"]);
    expect(images).toEqual([]);
    expect(Tags).toEqual([]);
  });

  it("marks its resources with a tag that cannot be removed, besides tags that can change", async () => {
    const { ec2, ImageId, deregister, restoreImage, restoreSnapshot } = await aBin(connect);
    const tags = async () => {
      const asked = { Filters: [{ Name: "resource-id", Values: [ImageId] }] };
      const { Tags = [] } = await ec2.describeTags(asked);
      return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
    };
    await deregister();

    await ec2.createTags({ Resources: [ImageId], Tags: [{ Key: "why", Value: "by mistake" }] });
    const kept = await tags();
    await ec2.deleteTags({ Resources: [ImageId] });
    const bare = await tags();
    await restoreSnapshot();
    await restoreImage();
    const restored = await tags();

    expect(kept).toEqual({ build: "1", why: "by mistake", "aws:recycle-bin:resource-in-bin": "true" });
    expect(bare).toEqual({ "aws:recycle-bin:resource-in-bin": "true" });
    expect(restored).toEqual({});
  });

  it("refuses a name that is now in use, and ids that are not in it", async () => {
    const { ec2, SnapshotId, deregister, restoreImage, restoreSnapshot } = await aBin(connect);
    await deregister();
    await restoreSnapshot();
    await ec2.registerImage({
      Name: "golden",
      Architecture: "x86_64",
      RootDeviceName: "/dev/xvda",
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId } }],
    });

    const refused = [
      await codeOf(restoreImage()),
      await codeOf(restoreSnapshot()),
      await codeOf(ec2.listSnapshotsInRecycleBin({ SnapshotIds: [SnapshotId] })),
      await codeOf(ec2.listImagesInRecycleBin({ ImageIds: ["ami-0123456789abcdef0"] })),
      await codeOf(ec2.restoreImageFromRecycleBin({ ImageId: "golden" })),
    ];

    expect(refused).toEqual([
      "InvalidAMIName.Duplicate",
      "InvalidSnapshot.NotFound",
      "InvalidSnapshot.NotFound",
      "InvalidAMIID.NotFound",
      "InvalidAMIID.Malformed",
    ]);
  });
});
