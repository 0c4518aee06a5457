import type { BlockDeviceMapping, EbsBlockDevice } from "@aws-sdk/client-ec2";
import { AwsError, type Call } from "../../../engine/operation.ts";
import { requireUsableSnapshot } from "../find-image.ts";
import type { BlockDevice, Image } from "../state.ts";
import type { Volume } from "./instance.ts";

type VolumePlan = Omit<Volume, "id">;

/** The image's devices with the launch's changes, and the devices that the launch adds. */
export function resolveVolumes(
  call: Call,
  image: Image,
  mappings: readonly BlockDeviceMapping[] | undefined,
): readonly VolumePlan[] {
  const changes = new Map((mappings ?? []).map((mapping) => [mapping.DeviceName ?? "", mapping]));
  for (const mapping of changes.values()) {
    if (mapping.VirtualName) {
      throw new AwsError("NotImplemented", "ec2:RunInstances is not built for BlockDeviceMappings.VirtualName");
    }
  }
  const kept = image.devices.filter(({ deviceName }) => changes.get(deviceName)?.NoDevice === undefined);
  const added = [...changes.values()].filter(
    ({ DeviceName, Ebs }) => Ebs && !image.devices.some(({ deviceName }) => deviceName === DeviceName),
  );
  return [
    ...kept.map((device) => ofImage(device, changes.get(device.deviceName)?.Ebs)),
    ...added.map(({ DeviceName = "", Ebs = {} }) => ofLaunch(call, DeviceName, Ebs)),
  ];
}

const invalid = (message: string): AwsError => new AwsError("InvalidBlockDeviceMapping", message);

function ofImage(device: BlockDevice, change: EbsBlockDevice = {}): VolumePlan {
  const { deviceName, snapshotId } = device;
  if (change.SnapshotId && change.SnapshotId !== snapshotId) {
    throw invalid(`snapshotId cannot be modified on device '${deviceName}'`);
  }
  if (change.Encrypted === false && device.encrypted) {
    throw invalid(`the encrypted flag cannot be false since device ${deviceName} has an encrypted snapshot specified.`);
  }
  const sizeGiB = change.VolumeSize ?? device.volumeSizeGiB;
  if (sizeGiB < device.volumeSizeGiB) throw tooSmall(sizeGiB, snapshotId, device.volumeSizeGiB);
  requireKeyOfEncrypted(change, change.Encrypted ?? device.encrypted);
  return {
    deviceName,
    snapshotId,
    sizeGiB,
    type: change.VolumeType ?? device.volumeType,
    encrypted: device.encrypted || change.Encrypted === true,
    kmsKeyId: change.KmsKeyId,
    deleteOnTermination: change.DeleteOnTermination ?? true,
  };
}

function ofLaunch(call: Call, deviceName: string, asked: EbsBlockDevice): VolumePlan {
  const snapshot = asked.SnapshotId ? requireUsableSnapshot(call, asked.SnapshotId) : undefined;
  const sizeGiB = asked.VolumeSize ?? snapshot?.sizeGiB;
  if (sizeGiB === undefined) throw invalid(`Must specify either a snapshotId or a volumeSize for device ${deviceName}`);
  if (snapshot && sizeGiB < snapshot.sizeGiB) throw tooSmall(sizeGiB, snapshot.id, snapshot.sizeGiB);
  const encrypted = asked.Encrypted === true || snapshot?.encrypted === true;
  requireKeyOfEncrypted(asked, encrypted);
  return {
    deviceName,
    snapshotId: snapshot?.id,
    sizeGiB,
    type: asked.VolumeType ?? "gp2",
    encrypted,
    kmsKeyId: asked.KmsKeyId,
    deleteOnTermination: asked.DeleteOnTermination ?? true,
  };
}

const tooSmall = (size: number, snapshotId: string, least: number): AwsError =>
  invalid(`Volume of size ${size}GB is smaller than snapshot '${snapshotId}', expect size >= ${least}GB`);

/** EC2 API reference, EbsBlockDevice: a key requires an encrypted volume. */
function requireKeyOfEncrypted({ KmsKeyId }: EbsBlockDevice, encrypted: boolean): void {
  if (!KmsKeyId || encrypted) return;
  throw new AwsError(
    "InvalidParameterDependency",
    "The parameter KmsKeyId requires the parameter Encrypted to be set.",
  );
}
