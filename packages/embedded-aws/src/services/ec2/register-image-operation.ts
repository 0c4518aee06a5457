import type * as Sdk from "@aws-sdk/client-ec2";
import type { BlockDeviceMapping } from "@aws-sdk/client-ec2";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { addImage } from "./add-image.ts";
import { authorizeCreationTags, authorizeResource, ec2Arn } from "./authorization.ts";
import { requireUsableSnapshot } from "./find-snapshot.ts";
import { invalidParameter } from "./refusals.ts";
import { addTags, specifiedTags } from "./resource-tags.ts";
import type { BlockDevice } from "./state.ts";

export const operations = {
  /** An image of snapshots that are there already. */
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
        throw new AwsError("NotImplemented", "ec2:RegisterImage is built for EBS snapshots, not for ImageLocation");
      }
      const devices = (input.BlockDeviceMappings ?? []).map((mapping) => toDevice(mapping, call));
      const root = input.RootDeviceName;
      if (!devices.some((device) => device.deviceName === root)) {
        throw new AwsError("InvalidBlockDeviceMapping", `Root device (${root ?? ""}) is not mapped to a snapshot`, {
          status: 400,
        });
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

function toDevice({ DeviceName, Ebs }: BlockDeviceMapping, call: Call): BlockDevice {
  if (!Ebs?.SnapshotId) {
    throw new AwsError("NotImplemented", "ec2:RegisterImage is built for devices with a snapshot only");
  }
  const snapshot = requireUsableSnapshot(call, Ebs.SnapshotId);
  if (snapshot.state !== "completed") {
    throw new AwsError("IncorrectState", `Snapshot (${snapshot.id}) is in invalid state - ${snapshot.state}`, {
      status: 400,
    });
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
