import type { BlockDeviceMapping, Image as ImageOutput } from "@aws-sdk/client-ec2";
import { platformDetailsOf } from "./add-image.ts";
import { isPublic } from "./find-image.ts";
import { lastLaunched } from "./image-attributes.ts";
import { toWatermark } from "./image-watermarks.ts";
import { ownerAlias } from "./public-images.ts";
import { toTags } from "./resource-tags.ts";
import type { BlockDevice, Image } from "./state.ts";

export const platformDetails = ({ usageOperation }: Image): string | undefined => platformDetailsOf(usageOperation);

interface Beholder {
  readonly account: string;
  readonly tags: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether the account's Allowed AMIs settings allow it; undefined while they are disabled. */
  readonly allowed: boolean | undefined;
}

/** An image as one account sees it: with that account's tags; some attributes only for the owner. */
export function toImage(image: Image, { account, tags, now, allowed }: Beholder): ImageOutput {
  const alias = ownerAlias(image.owner);
  const launched = image.owner === account ? lastLaunched(image, now) : undefined;
  return {
    Architecture: image.architecture,
    BlockDeviceMappings: image.devices.map(toMapping),
    BootMode: image.bootMode,
    CreationDate: new Date(image.createdAt).toISOString(),
    DeprecationTime: image.deprecateAt === undefined ? undefined : new Date(image.deprecateAt).toISOString(),
    DeregistrationProtection: image.owner === account ? image.protection : undefined,
    Description: image.description || undefined,
    EnaSupport: true,
    Hypervisor: "xen",
    ImageAllowed: allowed,
    ImageId: image.id,
    ImageLocation: `${alias ?? image.owner}/${image.name}`,
    ImageOwnerAlias: alias,
    ImageType: "machine",
    ImageWatermarks: image.watermarks.size > 0 ? [...image.watermarks.values()].map(toWatermark) : undefined,
    ImdsSupport: image.imdsSupport,
    LastLaunchedTime: launched === undefined ? undefined : new Date(launched).toISOString(),
    Name: image.name,
    OwnerId: image.owner,
    Platform: image.platform === "windows" ? "Windows" : undefined,
    PlatformDetails: platformDetails(image),
    Public: isPublic(image),
    PublicSsmParameterName: image.publicParameter,
    RootDeviceName: image.rootDeviceName,
    RootDeviceType: "ebs",
    SourceImageId: image.source?.imageId,
    SourceImageRegion: image.source?.region,
    SriovNetSupport: "simple",
    State: image.state,
    Tags: tags.size > 0 ? toTags(tags) : undefined,
    UsageOperation: image.usageOperation,
    VirtualizationType: "hvm",
  };
}

const toMapping = (device: BlockDevice): BlockDeviceMapping => ({
  DeviceName: device.deviceName,
  Ebs: {
    DeleteOnTermination: true,
    Encrypted: device.encrypted,
    SnapshotId: device.snapshotId,
    VolumeSize: device.volumeSizeGiB,
    VolumeType: device.volumeType,
    Iops: device.volumeType === "gp3" ? 3000 : undefined,
    Throughput: device.volumeType === "gp3" ? 125 : undefined,
  },
});
