import type { FilterFields } from "./filters.ts";
import { ownerAlias } from "./owner-alias.ts";
import type { Image, Watermark } from "./state.ts";
import { platformDetails } from "./to-image.ts";
import { isPublic } from "./viewer.ts";

const iso = (at: number): string => new Date(at).toISOString();

const marksOf = ({ watermarks }: Image, read: (mark: Watermark) => string): string[] =>
  [...watermarks.values()].map(read);

/** The filters of DescribeImages that images here can answer (EC2 API reference, DescribeImages). */
export const imageFilters: FilterFields<Image> = {
  architecture: (image) => image.architecture,
  "block-device-mapping.delete-on-termination": () => "true",
  "block-device-mapping.device-name": (image) => image.devices.map((device) => device.deviceName),
  "block-device-mapping.encrypted": (image) => image.devices.map((device) => String(device.encrypted)),
  "block-device-mapping.snapshot-id": (image) => image.devices.map((device) => device.snapshotId),
  "block-device-mapping.volume-size": (image) => image.devices.map((device) => String(device.volumeSizeGiB)),
  "block-device-mapping.volume-type": (image) => image.devices.map((device) => device.volumeType),
  "creation-date": (image) => new Date(image.createdAt).toISOString(),
  description: (image) => image.description,
  "ena-support": () => "true",
  hypervisor: () => "xen",
  "image-id": (image) => image.id,
  "image-type": () => "machine",
  "image-watermark.source-image-creation-time": (image) => marksOf(image, (mark) => iso(mark.sourceCreatedAt)),
  "image-watermark.source-image-id": (image) => marksOf(image, (mark) => mark.sourceImageId),
  "image-watermark.source-image-region": (image) => marksOf(image, (mark) => mark.sourceRegion),
  "image-watermark.watermark-creation-time": (image) => marksOf(image, (mark) => iso(mark.attachedAt)),
  "image-watermark.watermark-key": (image) => marksOf(image, (mark) => mark.key),
  "is-public": (image) => String(isPublic(image)),
  "manifest-location": (image) => `${image.owner}/${image.name}`,
  name: (image) => image.name,
  "owner-alias": (image) => ownerAlias(image.owner),
  "owner-id": (image) => image.owner,
  platform: (image) => image.platform,
  "platform-details": (image) => platformDetails(image),
  "product-code": () => undefined,
  "product-code.type": () => undefined,
  "root-device-name": (image) => image.rootDeviceName,
  "root-device-type": () => "ebs",
  "source-image-id": (image) => image.source?.imageId,
  "source-image-region": (image) => image.source?.region,
  "source-instance-id": () => undefined,
  "sriov-net-support": () => "simple",
  state: (image) => image.state,
  "state-reason-code": () => undefined,
  "state-reason-message": () => undefined,
  "virtualization-type": () => "hvm",
};
