import type * as Sdk from "@aws-sdk/client-ec2";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { keyArnOf } from "../kms/find-key.ts";
import { addImage, requireFreeName } from "./add-image.ts";
import { addSnapshot } from "./add-snapshot.ts";
import { authorizeCreationTags, authorizeResource, ec2Arn } from "./authorization.ts";
import { requireUsableSnapshot } from "./find-image.ts";
import { invalidParameter } from "./refusals.ts";
import { addTags, specifiedTags } from "./resource-tags.ts";
import type { BlockDevice } from "./state.ts";

export interface NewBlockDevice {
  readonly deviceName: string;
  readonly encrypted: boolean;
  /** Id, alias or ARN. Omitted and encrypted: the account's `aws/ebs` key. */
  readonly kmsKeyId?: string | undefined;
  readonly volumeSizeGiB: number;
  readonly volumeType?: Sdk.VolumeType | undefined;
  /** As for a new snapshot. */
  readonly writtenBytes?: number | undefined;
}

export interface NewImage {
  /** Unique among the account's images of the region. */
  readonly name: string;
  readonly description?: string | undefined;
  readonly architecture: Sdk.ArchitectureValues;
  readonly platform?: "windows" | undefined;
  /** The billing code of launches; omitted: the source's. */
  readonly usageOperation?: string | undefined;
  readonly sourceImageId?: string | undefined;
  /** Default: the region of the new image. */
  readonly sourceImageRegion?: string | undefined;
  readonly rootDeviceName?: string | undefined;
  readonly bootMode?: Sdk.BootModeValues | undefined;
  readonly imdsSupport?: "v2.0" | undefined;
  readonly publicParameter?: string | undefined;
  readonly blockDeviceMappings: readonly NewBlockDevice[];
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly snapshotTags?: Readonly<Record<string, string>> | undefined;
  /** How long it stays pending, in milliseconds. Default: available at once. */
  readonly availableAfterMs?: number | undefined;
}

/**
 * How AWS services create an image: new snapshots, and an image from them. Answers its id.
 * @throws AwsError InvalidAMIName.Malformed, InvalidAMIName.Duplicate; NotFoundException for a key that does not exist
 */
export function registerImage(aws: EmbeddedAws, account: string, region: string, made: NewImage): string {
  const place = { account, region };
  // Checked before anything is created, so that no snapshot is left behind.
  requireFreeName(aws, place, made.name);
  const keys = made.blockDeviceMappings.map((device) =>
    device.encrypted ? keyArnOf(aws, account, region, device.kmsKeyId ?? "alias/aws/ebs") : undefined,
  );
  const devices = made.blockDeviceMappings.map((device, index): BlockDevice => {
    const snapshotId = addSnapshot(aws, place, {
      sizeGiB: device.volumeSizeGiB,
      writtenBytes: device.writtenBytes,
      kmsKeyArn: keys[index],
      description: `Created for ${made.name}`,
      completedAfterMs: made.availableAfterMs,
    });
    addTags(aws, place, snapshotId, Object.entries(made.snapshotTags ?? {}));
    return {
      deviceName: device.deviceName,
      snapshotId,
      volumeSizeGiB: device.volumeSizeGiB,
      volumeType: device.volumeType ?? "gp3",
      encrypted: device.encrypted,
    };
  });
  const image = addImage(aws, place, {
    ...made,
    devices,
    source: made.sourceImageId ? { imageId: made.sourceImageId, region: made.sourceImageRegion ?? region } : undefined,
  });
  addTags(aws, place, image.id, Object.entries(made.tags ?? {}));
  return image.id;
}

export const operations = {
  /** An image from existing snapshots. */
  RegisterImage: {
    authorize: (input, call) => [
      { resources: [ec2Arn(call, "image", "*")] },
      ...(input.BlockDeviceMappings ?? [])
        .flatMap((mapping) => mapping.Ebs?.SnapshotId ?? [])
        .map((id) => authorizeResource(call, "snapshot", id)),
      ...authorizeCreationTags(call, "RegisterImage", input.TagSpecifications),
    ],
    run(input, call) {
      if (input.ImageLocation) {
        throw new AwsError(
          "NotImplemented",
          "ec2:RegisterImage is built only for EBS snapshots, not for ImageLocation",
        );
      }
      const devices = (input.BlockDeviceMappings ?? []).map((mapping) => toDevice(mapping, call));
      const root = input.RootDeviceName;
      if (!devices.some((device) => device.deviceName === root)) {
        throw new AwsError("InvalidBlockDeviceMapping", `Root device (${root ?? ""}) is not mapped to a snapshot`);
      }
      const image = addImage(call.aws, call, {
        name: input.Name ?? "",
        description: input.Description,
        architecture: input.Architecture ?? "i386",
        source: undefined,
        rootDeviceName: root,
        bootMode: input.BootMode,
        imdsSupport: input.ImdsSupport === "v2.0" ? "v2.0" : undefined,
        devices,
      });
      addTags(call.aws, call, image.id, specifiedTags(input.TagSpecifications, "image"));
      return { ImageId: image.id };
    },
  },
} satisfies Operations<typeof Sdk>;

function toDevice({ DeviceName, Ebs }: Sdk.BlockDeviceMapping, call: Call): BlockDevice {
  if (!Ebs?.SnapshotId) {
    throw new AwsError("NotImplemented", "ec2:RegisterImage is built only for devices with a snapshot");
  }
  const snapshot = requireUsableSnapshot(call, Ebs.SnapshotId);
  if (snapshot.state !== "completed") {
    throw new AwsError("IncorrectState", `Snapshot (${snapshot.id}) is in invalid state - ${snapshot.state}`);
  }
  const size = Ebs.VolumeSize ?? snapshot.sizeGiB;
  if (size < snapshot.sizeGiB) {
    throw invalidParameter(
      `Volume of size ${size}GB is smaller than snapshot '${snapshot.id}', expect size >= ${snapshot.sizeGiB}GB`,
    );
  }
  return {
    deviceName: DeviceName ?? "",
    snapshotId: snapshot.id,
    volumeSizeGiB: size,
    volumeType: Ebs.VolumeType ?? "gp2",
    encrypted: snapshot.encrypted,
  };
}
