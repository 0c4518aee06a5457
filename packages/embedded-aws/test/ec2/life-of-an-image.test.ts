import { describe, expect, it } from "vitest";
import { copyImageInternally } from "../../src/services/ec2/copy-image.ts";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { anAws, FACTORY, OTHER_REGION, REGION, STRANGER } from "./an-aws.ts";

async function anEncryptedImage() {
  const world = anAws();
  const keyIn = async (region: string) => {
    const kms = world.by("kms", FACTORY, region);
    const { KeyMetadata } = await kms<{ KeyMetadata: { KeyId: string; Arn: string } }>("CreateKey");
    await kms("CreateAlias", { AliasName: "alias/images", TargetKeyId: KeyMetadata.KeyId });
    return KeyMetadata.Arn;
  };
  const keys = { home: await keyIn(REGION), away: await keyIn(OTHER_REGION) };
  const id = registerImage(world.aws, FACTORY, REGION, {
    name: "golden",
    architecture: "arm64",
    blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: true, kmsKeyId: "alias/images", volumeSizeGiB: 8 }],
    tags: { build: "1" },
    snapshotTags: { build: "1" },
  });
  const image = async (imageId = id, region = REGION) => {
    const ec2 = world.by("ec2", FACTORY, region);
    return (await ec2("DescribeImages", { ImageIds: [imageId] })).Images?.[0];
  };
  const snapshots = async (region = REGION) => {
    const ec2 = world.by("ec2", FACTORY, region);
    return (await ec2("DescribeSnapshots", { OwnerIds: ["self"] })).Snapshots ?? [];
  };
  return { ...world, id, keys, image, snapshots, ec2: world.by("ec2") };
}

describe("an image that a service registers", () => {
  it("has snapshots under the key that an alias names, and tags on both", async () => {
    const { image, snapshots, keys } = await anEncryptedImage();

    const registered = await image();
    const [snapshot] = await snapshots();

    expect(registered).toMatchObject({ State: "available", Architecture: "arm64", RootDeviceName: "/dev/xvda" });
    expect(registered?.BlockDeviceMappings?.[0]?.Ebs).toMatchObject({
      SnapshotId: snapshot?.SnapshotId,
      Encrypted: true,
      VolumeSize: 8,
    });
    expect(snapshot).toMatchObject({ KmsKeyId: keys.home, Tags: [{ Key: "build", Value: "1" }], State: "completed" });
  });

  it("is refused with a missing key, or a name in use", async () => {
    const { aws, snapshots } = await anEncryptedImage();
    const register = async (name: string, kmsKeyId: string) =>
      registerImage(aws, FACTORY, REGION, {
        name,
        architecture: "arm64",
        blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: true, kmsKeyId, volumeSizeGiB: 8 }],
      });

    await expectRefusal(
      register("other", "alias/none"),
      "NotFoundException",
      `Alias arn:aws:kms:${REGION}:${FACTORY}:alias/none is not found.`,
    );
    await expectRefusal(register("golden", "alias/images"), "InvalidAMIName.Duplicate");

    expect(await snapshots()).toHaveLength(1);
  });

  it("is pending for the given time", async () => {
    const { aws, clock, image } = await anEncryptedImage();

    const slow = registerImage(aws, FACTORY, REGION, {
      name: "slow",
      architecture: "x86_64",
      blockDeviceMappings: [],
      availableAfterMs: 60_000,
    });
    const before = (await image(slow))?.State;
    await clock.runUntil(clock.now() + 60_000);

    expect(before).toBe("pending");
    expect((await image(slow))?.State).toBe("available");
  });
});

describe("a copy", () => {
  it("remembers its source, is encrypted with the key it was given, and takes neither tags nor permissions", async () => {
    const { aws, id, keys, image, snapshots, ec2 } = await anEncryptedImage();
    await ec2("ModifyImageAttribute", { ImageId: id, LaunchPermission: { Add: [{ UserId: STRANGER }] } });

    const copy = copyImageInternally(aws, {
      account: FACTORY,
      fromRegion: REGION,
      toRegion: OTHER_REGION,
      imageId: id,
      name: "golden",
      kmsKeyId: keys.away,
    });
    const copied = await image(copy, OTHER_REGION);

    expect(copied).toMatchObject({ SourceImageId: id, SourceImageRegion: REGION, Name: "golden" });
    expect(copied?.Tags).toBeUndefined();
    expect((await snapshots(OTHER_REGION))[0]?.KmsKeyId).toBe(keys.away);
    expect(copied?.Public).toBe(false);
  });

  it("without a given key is encrypted with aws/ebs, which can't be shared", async () => {
    const { id, by, clock, image } = await anEncryptedImage();
    const away = by("ec2", FACTORY, OTHER_REGION);

    const { ImageId = "" } = await away("CopyImage", {
      SourceImageId: id,
      SourceRegion: REGION,
      Name: "copy",
      CopyImageTags: true,
    });
    const pending = (await image(ImageId, OTHER_REGION))?.State;
    await clock.runUntil(clock.now() + 3_600_000);
    await expectRefusal(
      away("ModifyImageAttribute", { ImageId, LaunchPermission: { Add: [{ UserId: STRANGER }] } }),
      "InvalidParameter",
    );

    expect(pending).toBe("pending");
    expect(await image(ImageId, OTHER_REGION)).toMatchObject({ State: "available", Tags: [{ Key: "build" }] });
  });

  it("of a shared image needs its snapshots to be shared too", async () => {
    const { ec2, id, by, snapshots } = await anEncryptedImage();
    await ec2("ModifyImageAttribute", { ImageId: id, LaunchPermission: { Add: [{ UserId: STRANGER }] } });
    const copy = () => by("ec2", STRANGER)("CopyImage", { SourceImageId: id, SourceRegion: REGION, Name: "mine" });

    await expectRefusal(copy(), "InvalidRequest", "You do not have permission to access the storage of this ami");
    const [snapshot] = await snapshots();
    await ec2("ModifySnapshotAttribute", {
      SnapshotId: snapshot?.SnapshotId,
      CreateVolumePermission: { Add: [{ UserId: STRANGER }] },
    });

    await expect(copy()).resolves.toHaveProperty("ImageId");
  });
});

describe("deregistering", () => {
  it("leaves the snapshots, which can then be deleted", async () => {
    const { ec2, id, snapshots, image } = await anEncryptedImage();
    const [snapshot] = await snapshots();
    const deleteSnapshot = () => ec2("DeleteSnapshot", { SnapshotId: snapshot?.SnapshotId });

    await expectRefusal(
      deleteSnapshot(),
      "InvalidSnapshot.InUse",
      `The snapshot ${snapshot?.SnapshotId} is currently in use by ${id}`,
    );
    await ec2("DeregisterImage", { ImageId: id });
    await expectRefusal(image(), "InvalidAMIID.NotFound");
    await deleteSnapshot();

    expect(await snapshots()).toEqual([]);
  });

  it("can delete the snapshots, but not one that another image uses", async () => {
    const { ec2, id, snapshots } = await anEncryptedImage();
    const SnapshotId = (await snapshots())[0]?.SnapshotId;
    const { ImageId } = await ec2<{ ImageId: string }>("RegisterImage", {
      Name: "second",
      Architecture: "arm64",
      RootDeviceName: "/dev/xvda",
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId } }],
    });
    const deregister = (image: string) => ec2("DeregisterImage", { ImageId: image, DeleteAssociatedSnapshots: true });

    const first = await deregister(id);
    const second = await deregister(ImageId);

    expect(first.DeleteSnapshotResults).toEqual([{ SnapshotId, ReturnCode: "skipped" }]);
    expect(second.DeleteSnapshotResults).toEqual([{ SnapshotId, ReturnCode: "success" }]);
    expect(await snapshots()).toEqual([]);
  });
});

describe("a snapshot under aws/ebs", () => {
  it("can't be shared", async () => {
    const { aws, ec2, snapshots } = await anEncryptedImage();
    registerImage(aws, FACTORY, REGION, {
      name: "default-key",
      architecture: "x86_64",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: true, volumeSizeGiB: 9 }],
    });
    const snapshot = (await snapshots()).find((one) => one.VolumeSize === 9);

    await expectRefusal(
      ec2("ModifySnapshotAttribute", {
        SnapshotId: snapshot?.SnapshotId,
        Attribute: "createVolumePermission",
        OperationType: "add",
        UserIds: [STRANGER],
      }),
      "OperationNotPermitted",
      "Encrypted snapshots with EBS default key cannot be shared",
    );
  });
});
