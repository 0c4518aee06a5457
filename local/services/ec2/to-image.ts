import type { BlockDeviceMapping, Image as ImageOutput } from "@aws-sdk/client-ec2";
import { toTags } from "./resource-tags.ts";
import type { BlockDevice, Image } from "./state.ts";
import { isPublic } from "./viewer.ts";

/** Amazon's own accounts, and those of verified providers, whose images carry the alias `amazon`. */
const AMAZON: readonly string[] = ["137112412989", "801119661308", "099720109477"];

export const ownerAlias = (account: string): string | undefined => (AMAZON.includes(account) ? "amazon" : undefined);

export const platformDetails = (image: Image): string => (image.platform === "windows" ? "Windows" : "Linux/UNIX");

/** An image as one account sees it: with that account's own tags, and its owner's private matters for the owner only. */
export function toImage(image: Image, account: string, tags: ReadonlyMap<string, string>): ImageOutput {
  const alias = ownerAlias(image.owner);
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
    ImageId: image.id,
    ImageLocation: `${alias ?? image.owner}/${image.name}`,
    ImageOwnerAlias: alias,
    ImageType: "machine",
    ImdsSupport: image.imdsSupport,
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
    UsageOperation: image.platform === "windows" ? "RunInstances:0002" : "RunInstances",
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
