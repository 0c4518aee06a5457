import type { ImageCriterion, ImageWatermarkFilterResponse } from "@aws-sdk/client-ec2";
import { matchesPattern } from "../../../authorization/match-pattern.ts";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { ownerAlias } from "../public-images.ts";
import type { Image, Watermark } from "../state.ts";
import { type AllowedImagesMode, settingsOf } from "./settings-of.ts";

const DAY = 86_400_000;

/** Evaluates images by the current settings of one account and region. */
export interface ImageJudge {
  readonly mode: AllowedImagesMode;
  /** Whether an image meets a criterion, or is owned by the account. */
  allows(image: Image): boolean;
}

/**
 * An image is allowed if it meets all parts of at least one criterion (EC2 user guide, "Control the discovery and use
 * of AMIs in Amazon EC2 with Allowed AMIs"). Without criteria no image of another account is allowed.
 */
export function imageJudge(aws: EmbeddedAws, account: string, region: string): ImageJudge {
  const { mode, criteria } = settingsOf(aws, account, region);
  const now = aws.clock.now();
  return {
    mode,
    allows: (image) =>
      mode === "disabled" || image.owner === account || criteria.some((criterion) => meets(image, criterion, now)),
  };
}

/** Whether the account can find an image; audit mode hides none. */
export const isFound = (image: Image, judge: ImageJudge): boolean => judge.mode !== "enabled" || judge.allows(image);

function meets(image: Image, criterion: ImageCriterion, now: number): boolean {
  const { ImageProviders, ImageNames, ImageWatermarks, MarketplaceProductCodes } = criterion;
  const deprecatedFor = image.deprecateAt === undefined ? Number.NEGATIVE_INFINITY : now - image.deprecateAt;
  return (
    (!ImageProviders || ImageProviders.some((provider) => isOf(image, provider))) &&
    (!ImageNames || ImageNames.some((name) => matchesPattern(name, image.name))) &&
    // No image here comes from the marketplace.
    !MarketplaceProductCodes &&
    (!ImageWatermarks || [...image.watermarks.values()].some((mark) => bears(mark, ImageWatermarks, now))) &&
    within(deprecatedFor, criterion.DeprecationTimeCondition?.MaximumDaysSinceDeprecated) &&
    within(now - image.createdAt, criterion.CreationDateCondition?.MaximumDaysSinceCreated)
  );
}

const isOf = ({ owner }: Image, provider: string): boolean => owner === provider || ownerAlias(owner) === provider;

const within = (elapsed: number, days: number | undefined): boolean => days === undefined || elapsed <= days * DAY;

/** A watermark matches a filter only with all of the filter's members. */
const bears = (mark: Watermark, filters: readonly ImageWatermarkFilterResponse[], now: number): boolean =>
  filters.some(
    (filter) =>
      (!filter.WatermarkKey || matchesPattern(filter.WatermarkKey, mark.key)) &&
      (!filter.SourceImageRegion || matchesPattern(filter.SourceImageRegion, mark.sourceRegion)) &&
      within(now - mark.sourceCreatedAt, filter.MaximumDaysSinceSourceImageCreated) &&
      within(now - mark.attachedAt, filter.MaximumDaysSinceWatermarkCreated),
  );
