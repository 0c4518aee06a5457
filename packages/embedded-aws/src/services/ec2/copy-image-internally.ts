import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { keyArnOf } from "../kms/find-key.ts";
import { addImage, requireFreeName } from "./add-image.ts";
import { addSnapshot } from "./add-snapshot.ts";
import { findImage } from "./find-image.ts";
import { findSnapshot } from "./find-snapshot.ts";
import { imagesNotFound, imageUnavailable } from "./refusals.ts";
import { addTags } from "./resource-tags.ts";
import type { BlockDevice } from "./state.ts";

export interface ImageCopy {
  /** Who copies, and owns the copy. */
  readonly account: string;
  readonly fromRegion: string;
  readonly toRegion: string;
  readonly imageId: string;
  readonly name: string;
  readonly description?: string | undefined;
  /** Encrypts the copy's snapshots, also of an image that is not encrypted. Id, alias or ARN, of the target region. */
  readonly kmsKeyId?: string | undefined;
  /** Encrypts without naming a key: with the account's `aws/ebs`. */
  readonly encrypted?: boolean | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly snapshotTags?: Readonly<Record<string, string>> | undefined;
  /** How long the copy stays pending, in milliseconds. Default: available at once. */
  readonly availableAfterMs?: number | undefined;
}

/**
 * Copies an image with its snapshots; launch permissions, tags and the deprecation date stay behind. An encrypted image
 * stays encrypted: with `kmsKeyId`, else with the account's `aws/ebs` key. Answers the copy's id.
 * @throws AwsError InvalidAMIID.NotFound, InvalidAMIID.Unavailable, InvalidAMIName.Duplicate, NotFoundException (key)
 */
export function copyImageInternally(aws: EmbeddedAws, copy: ImageCopy): string {
  const source = findImage(aws, copy.fromRegion, copy.imageId);
  if (!source) throw imagesNotFound([copy.imageId]);
  if (source.state !== "available") throw imageUnavailable(source.id);
  const place = { account: copy.account, region: copy.toRegion };
  // Refused before anything is made: no snapshot is left behind.
  requireFreeName(aws, place, copy.name);
  const encrypts = (device: BlockDevice) => device.encrypted || copy.encrypted === true || copy.kmsKeyId !== undefined;
  const keyArn = source.devices.some(encrypts)
    ? keyArnOf(aws, copy.account, copy.toRegion, copy.kmsKeyId ?? "alias/aws/ebs")
    : undefined;
  const devices = source.devices.map((device): BlockDevice => {
    const encrypted = encrypts(device);
    const snapshotId = addSnapshot(aws, place, {
      sizeGiB: device.volumeSizeGiB,
      writtenBytes: findSnapshot(aws, copy.fromRegion, device.snapshotId)?.fullSizeBytes,
      kmsKeyArn: encrypted ? keyArn : undefined,
      description: `Copied for DestinationAmi from SourceAmi ${source.id} for SourceSnapshot ${device.snapshotId}.`,
      completedAfterMs: copy.availableAfterMs,
    });
    addTags(aws, place, snapshotId, Object.entries(copy.snapshotTags ?? {}));
    return { ...device, snapshotId, encrypted };
  });
  const image = addImage(aws, place, {
    name: copy.name,
    description: copy.description ?? source.description,
    architecture: source.architecture,
    platform: source.platform,
    source: { imageId: source.id, region: copy.fromRegion },
    rootDeviceName: source.rootDeviceName,
    bootMode: source.bootMode,
    imdsSupport: source.imdsSupport,
    devices,
    availableAfterMs: copy.availableAfterMs,
  });
  addTags(aws, place, image.id, Object.entries(copy.tags ?? {}));
  return image.id;
}
