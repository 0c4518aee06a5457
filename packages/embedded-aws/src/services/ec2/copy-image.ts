import type * as Sdk from "@aws-sdk/client-ec2";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { keyArnOf, throughKey } from "../kms/find-key.ts";
import { addImage, requireFreeName } from "./add-image.ts";
import { addSnapshot } from "./add-snapshot.ts";
import { authorizeCreationTags, authorizeImage, ec2Arn } from "./authorization.ts";
import { canUse, findImage, findSnapshot, requireVisibleImage } from "./find-image.ts";
import {
  imagesNotFound,
  imageUnavailable,
  invalidCombination,
  invalidParameter,
  missingParameter,
} from "./refusals.ts";
import { isRegion } from "./regions.ts";
import { addTags, specifiedTags, tagsOf } from "./resource-tags.ts";
import type { BlockDevice, Image } from "./state.ts";

interface ImageCopy {
  /** The account that copies and owns the copy. */
  readonly account: string;
  readonly fromRegion: string;
  readonly toRegion: string;
  readonly imageId: string;
  readonly name: string;
  readonly description?: string | undefined;
  /** Encrypts the copy's snapshots, even if the image is not encrypted. Id, alias or ARN, of the target region. */
  readonly kmsKeyId?: string | undefined;
  /** Encrypts without a given key: with the account's `aws/ebs`. */
  readonly encrypted?: boolean | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly snapshotTags?: Readonly<Record<string, string>> | undefined;
  /** How long the copy stays pending, in milliseconds. Default: available at once. */
  readonly availableAfterMs?: number | undefined;
}

/**
 * Copies an image with its snapshots, without launch permissions, tags and deprecation date. An encrypted image stays
 * encrypted: with `kmsKeyId`, otherwise with the account's `aws/ebs` key. Answers the copy's id.
 * @throws AwsError InvalidAMIID.NotFound, InvalidAMIID.Unavailable, InvalidAMIName.Duplicate, NotFoundException (key)
 */
export function copyImageInternally(aws: EmbeddedAws, copy: ImageCopy): string {
  const source = findImage(aws, copy.fromRegion, copy.imageId);
  if (!source) throw imagesNotFound([copy.imageId]);
  if (source.state !== "available") throw imageUnavailable(source.id);
  const place = { account: copy.account, region: copy.toRegion };
  // Checked before anything is created, so that no snapshot is left behind.
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

/** EBS creates its grants on behalf of the caller that copies. */
const forEbs = { "kms:GrantIsForAWSResource": "true" };

/**
 * Checks the caller's permissions on keys: those that encrypt the source's snapshots, and the copy's.
 * The actions are from the EBS user guide's "Requirements for Amazon EBS encryption", which does not say which of
 * them belong to reading and which to writing, except by their names.
 */
function authorizeCopyKeys(
  call: Call,
  origin: Call,
  { SourceImageId, KmsKeyId, Encrypted }: Sdk.CopyImageCommandInput,
): Partial<Authorization>[] {
  const source = SourceImageId === undefined ? undefined : findImage(call.aws, origin.region, SourceImageId);
  const snapshots = (source?.devices ?? []).map(({ snapshotId }) => findSnapshot(call.aws, origin.region, snapshotId));
  const keys = new Set(snapshots.flatMap((snapshot) => snapshot?.kmsKeyArn ?? []));
  const encrypts = KmsKeyId !== undefined || Encrypted === true || keys.size > 0;
  const read = ["DescribeKey", "Decrypt", "ReEncryptFrom", "CreateGrant"];
  const written = ["DescribeKey", "Decrypt", "GenerateDataKeyWithoutPlaintext", "ReEncryptTo", "CreateGrant"];
  return [
    ...[...keys].flatMap((key) => throughKey(origin, "ec2", key, read, forEbs)),
    ...throughKey(call, "ec2", encrypts ? (KmsKeyId ?? "alias/aws/ebs") : undefined, written, forEbs),
  ];
}

/** How long a copy is pending. In AWS it depends on size and regions; minutes are usual. */
const COPY_MS = 5 * 60_000;

export const operations = {
  /** Copies into the request's region. If the image is another account's, its snapshots must be shared, too. */
  CopyImage: {
    authorize(input, call) {
      const origin = { ...call, region: input.SourceRegion || call.region };
      return [
        authorizeImage(origin, input.SourceImageId),
        { resources: [ec2Arn(call, "image", "*"), ec2Arn(call, "snapshot", "*")] },
        ...authorizeCreationTags(call, "CopyImage", input.TagSpecifications),
        ...authorizeCopyKeys(call, origin, input),
      ];
    },
    run(input, call) {
      const { aws, account } = call;
      const from = input.SourceRegion;
      if (!from) throw missingParameter("sourceRegion");
      if (!isRegion(from)) throw invalidParameter(`Invalid source region: ${from}`);
      const source = requireVisibleImage({ ...call, region: from }, input.SourceImageId);
      requireStorage(source, call);
      if (input.KmsKeyId && input.Encrypted === false) {
        throw invalidCombination("KmsKeyId cannot be specified with encrypted set to false");
      }
      const userTags = input.CopyImageTags ? tagsOf(aws, { account, region: from }, source.id) : [];
      const imageId = copyImageInternally(aws, {
        account,
        fromRegion: from,
        toRegion: call.region,
        imageId: source.id,
        name: input.Name ?? "",
        description: input.Description,
        kmsKeyId: input.KmsKeyId,
        encrypted: input.Encrypted,
        tags: Object.fromEntries([...userTags, ...specifiedTags(input.TagSpecifications, "image")]),
        snapshotTags: Object.fromEntries(specifiedTags(input.TagSpecifications, "snapshot")),
        availableAfterMs: COPY_MS,
      });
      return { ImageId: imageId };
    },
  },
} satisfies Operations<typeof Sdk>;

function requireStorage(source: Image, { aws, account }: Call): void {
  if (source.owner === account) return;
  for (const { snapshotId } of source.devices) {
    const snapshot = findSnapshot(aws, source.region, snapshotId);
    if (!snapshot || !canUse(snapshot, account)) {
      throw new AwsError("InvalidRequest", "You do not have permission to access the storage of this ami");
    }
  }
}
