import type * as Sdk from "@aws-sdk/client-ec2";
import type { Call, Operations } from "../../engine/operation.ts";
import { type ImageJudge, imageJudge, isFound } from "./allowed-images/is-allowed.ts";
import { type FilterFields, toPredicate } from "./filters.ts";
import {
  canSee,
  findImage,
  imagesIn,
  isPublic,
  isSharedWith,
  permissionKey,
  requireVisibleImage,
  type Viewer,
  viewerOf,
} from "./find-image.ts";
import { ownerAlias } from "./public-images.ts";
import { imagesNotFound, invalidParameter, requireId, requirePageSize } from "./refusals.ts";
import { tagReader } from "./resource-tags.ts";
import type { Image, Watermark } from "./state.ts";
import { platformDetails, toImage } from "./to-image.ts";

const iso = (at: number): string => new Date(at).toISOString();

const marksOf = ({ watermarks }: Image, read: (mark: Watermark) => string): string[] =>
  [...watermarks.values()].map(read);

/** The supported filters (EC2 API reference, DescribeImages). */
const imageFilters: FilterFields<Image> = {
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

function requireAll(ids: readonly string[], viewer: Viewer, judge: ImageJudge, { aws, region }: Call): Image[] {
  const unique = [...new Set(ids)].map((id) => requireId(id, "ami-", "InvalidAMIID.Malformed"));
  const found = unique.map((id) => findImage(aws, region, id));
  const images = found.flatMap((image) => (image && canSee(image, viewer) && isFound(image, judge) ? [image] : []));
  const missing = unique.filter((id) => !images.some((image) => image.id === id));
  if (missing.length > 0) throw imagesNotFound(missing);
  return images;
}

function ownedBy(owners: readonly string[] | undefined, viewer: Viewer): (image: Image) => boolean {
  if (!owners?.length) return () => true;
  for (const owner of owners) {
    if (!/^(self|amazon|aws-marketplace|aws-backup-vault|\d{12})$/.test(owner)) {
      throw invalidParameter(
        `Invalid value '${owner}' for owner. Expecting an account ID, self, amazon or aws-marketplace`,
      );
    }
  }
  return (image) =>
    owners.some(
      (owner) => image.owner === (owner === "self" ? viewer.account : owner) || ownerAlias(image.owner) === owner,
    );
}

/**
 * Explicit launch permissions: for the caller (the account, its OUs and its organization), for all, or, for the
 * caller's own images, for another account id (EC2 API reference, DescribeImages, ExecutableUsers).
 */
function executableBy(users: readonly string[] | undefined, viewer: Viewer): (image: Image) => boolean {
  if (!users?.length) return () => true;
  return (image) =>
    users.some((user) => {
      if (user === "all") return isPublic(image);
      if (user === "self" || user === viewer.account) return isSharedWith(image, viewer);
      return image.owner === viewer.account && image.permissions.has(permissionKey("UserId", user));
    });
}

/** Deprecated images are visible only to their owner unless named; disabled ones only on request. */
function inUse(input: Sdk.DescribeImagesCommandInput, viewer: Viewer, now: number): (image: Image) => boolean {
  const named = (input.ImageIds?.length ?? 0) > 0;
  return (image) => {
    if (image.state === "disabled" && !input.IncludeDisabled) return false;
    const deprecated = image.deprecateAt !== undefined && image.deprecateAt <= now;
    return !deprecated || image.owner === viewer.account || named || input.IncludeDeprecated === true;
  };
}

export const operations = {
  /**
   * The images of this region that the caller owns, that are public, or that are shared with it. With Allowed AMIs
   * enabled, other accounts' images must be allowed.
   */
  DescribeImages: {
    list: "Images",
    run(input, call) {
      const { aws, account, region } = call;
      const viewer = viewerOf(aws, account);
      const tags = tagReader(aws, call);
      const judge = imageJudge(aws, account, region);
      const filters = { ...imageFilters, "image-allowed": (image: Image) => String(judge.allows(image)) };
      const wanted = [
        toPredicate(input.Filters, filters, (image: Image) => tags(image.id)),
        ownedBy(input.Owners, viewer),
        executableBy(input.ExecutableUsers, viewer),
        inUse(input, viewer, aws.clock.now()),
      ];
      const visible = input.ImageIds?.length
        ? requireAll(input.ImageIds, viewer, judge, call)
        : [...imagesIn(aws, region)].filter((image) => canSee(image, viewer) && isFound(image, judge));
      requirePageSize(input.MaxResults, 1, 1000);
      const images = visible.filter((image) => wanted.every((test) => test(image)));
      return {
        Images: images.map((image) =>
          toImage(image, {
            account,
            tags: tags(image.id),
            now: aws.clock.now(),
            allowed: judge.mode === "disabled" ? undefined : judge.allows(image),
          }),
        ),
      };
    },
  },
  /**
   * An image and its sources up to the root. A deregistered source ends the chain: AWS does not document that its data
   * outlives it.
   */
  GetImageAncestry: {
    // The action has no resource types (service authorization reference, "Amazon EC2").
    run(input, call) {
      const entries: Sdk.ImageAncestryEntry[] = [];
      for (let image: Image | undefined = requireVisibleImage(call, input.ImageId); image; ) {
        entries.push(toEntry(image));
        image = image.source && findImage(call.aws, image.source.region, image.source.imageId);
      }
      return { ImageAncestryEntries: entries };
    },
  },
} satisfies Operations<typeof Sdk>;

const toEntry = (image: Image): Sdk.ImageAncestryEntry => ({
  CreationDate: new Date(image.createdAt),
  ImageId: image.id,
  ImageOwnerAlias: ownerAlias(image.owner),
  SourceImageId: image.source?.imageId,
  SourceImageRegion: image.source?.region,
});
