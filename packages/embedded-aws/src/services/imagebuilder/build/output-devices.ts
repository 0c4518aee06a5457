import type { InstanceBlockDeviceMapping } from "@aws-sdk/client-imagebuilder";
import type { NewBlockDevice } from "../../ec2/register-image.ts";
import { SMALLEST_GIB } from "./resolve-parent.ts";

/** The parent's devices with the recipe's laid over them: what the recipe doesn't say stays as the parent has it. */
export function outputDevices(
  parent: readonly NewBlockDevice[],
  recipe: readonly InstanceBlockDeviceMapping[],
): NewBlockDevice[] {
  const devices = new Map(parent.map((device) => [device.deviceName, device]));
  for (const { deviceName, ebs, noDevice } of recipe) {
    if (deviceName === undefined) continue;
    if (noDevice !== undefined) devices.delete(deviceName);
    if (ebs === undefined) continue;
    const before = devices.get(deviceName);
    devices.set(deviceName, {
      deviceName,
      encrypted: ebs.encrypted ?? before?.encrypted ?? false,
      kmsKeyId: ebs.kmsKeyId,
      volumeSizeGiB: ebs.volumeSize ?? before?.volumeSizeGiB ?? SMALLEST_GIB,
      volumeType: ebs.volumeType ?? before?.volumeType,
    });
  }
  return [...devices.values()];
}
