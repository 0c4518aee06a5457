import type * as Sdk from "@aws-sdk/client-ec2";
import type { DescribeImagesCommandInput } from "@aws-sdk/client-ec2";
import type { Call, Operations } from "../../engine/operation.ts";
import { type ImageJudge, imageJudge, isFound } from "./allowed-images/is-allowed.ts";
import { toPredicate } from "./filters.ts";
import { findImage, imagesIn } from "./find-image.ts";
import { imageFilters } from "./image-filters.ts";
import { ownerAlias } from "./owner-alias.ts";
import { imagesNotFound, invalidParameter, requireId, requirePageSize } from "./refusals.ts";
import { tagReader } from "./resource-tags.ts";
import type { Image } from "./state.ts";
import { toImage } from "./to-image.ts";
import { canSee, isPublic, isSharedWith, permissionKey, type Viewer, viewerOf } from "./viewer.ts";

export const operations = {
  /**
   * The images of this region that the caller owns, that are public, or that are shared with it; of others' images only
   * those that its Allowed AMIs settings admit, once these are enabled.
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
} satisfies Operations<typeof Sdk>;

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
 * Explicit launch permissions: of the caller (by itself, its units and its organization), of everybody, or, for images
 * of one's own, of another account by its id alone (EC2 API reference, DescribeImages, ExecutableUsers).
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

/** Deprecated images are hidden from others than their owner unless named; disabled ones from everybody, unless asked for. */
function inUse(input: DescribeImagesCommandInput, viewer: Viewer, now: number): (image: Image) => boolean {
  const named = (input.ImageIds?.length ?? 0) > 0;
  return (image) => {
    if (image.state === "disabled" && !input.IncludeDisabled) return false;
    const deprecated = image.deprecateAt !== undefined && image.deprecateAt <= now;
    return !deprecated || image.owner === viewer.account || named || input.IncludeDeprecated === true;
  };
}
