import type { Trail as TrailOutput } from "@aws-sdk/client-cloudtrail";
import type { Trail } from "./state.ts";

/** What CreateTrail and UpdateTrail answer. */
export const toCreated = (trail: Trail) => ({
  Name: trail.name,
  S3BucketName: trail.bucket,
  ...(trail.prefix !== undefined && { S3KeyPrefix: trail.prefix }),
  IncludeGlobalServiceEvents: trail.globalEvents,
  IsMultiRegionTrail: trail.multiRegion,
  TrailARN: trail.arn,
  LogFileValidationEnabled: trail.validation,
  IsOrganizationTrail: trail.organization,
});

/** What DescribeTrails and GetTrail answer. */
export const toTrail = (trail: Trail): TrailOutput => ({
  ...toCreated(trail),
  HomeRegion: trail.homeRegion,
  HasCustomEventSelectors: "advanced" in trail.selectors || trail.selectors.custom,
  HasInsightSelectors: false,
});
