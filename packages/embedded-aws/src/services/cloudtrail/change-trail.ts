import type * as Sdk from "@aws-sdk/client-cloudtrail";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { toCreated } from "./describe-trails.ts";
import { requireChangeable, requireName, trailResource, trailsIn } from "./find-trail.ts";
import { DEFAULT_SELECTORS, type Trail, trailArn, trailsOf } from "./state.ts";
import { requireTags } from "./tags.ts";
import { checkTrail, refuseUnbuilt } from "./trail-settings.ts";

const authorize = ({ Name }: { Name: string | undefined }, call: Call) => [{ resources: [trailResource(call, Name)] }];

/** Quota of the user guide; a trail for all regions counts in each of them. */
const MOST_IN_A_REGION = 5;

export const operations = {
  /** The new trail does not log until StartLogging. */
  CreateTrail: {
    authorize: ({ Name, TagsList }, call) => [
      {
        resources: [trailResource(call, Name)],
        context: requestTagContext((TagsList ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
      },
    ],
    run(input, call) {
      const { aws, account, region } = call;
      const name = requireName(input.Name ?? "");
      refuseUnbuilt(input);
      requireRoom(call, name);
      const arn = trailArn(aws, account, region, name);
      const trail: Trail = {
        name,
        arn,
        account,
        homeRegion: region,
        bucket: input.S3BucketName ?? "",
        prefix: input.S3KeyPrefix,
        multiRegion: input.IsMultiRegionTrail ?? false,
        organization: input.IsOrganizationTrail ?? false,
        globalEvents: input.IncludeGlobalServiceEvents ?? true,
        validation: input.EnableLogFileValidation ?? false,
        logging: false,
        startedAt: undefined,
        stoppedAt: undefined,
        selectors: DEFAULT_SELECTORS,
        tags: new Map(requireTags(input.TagsList)),
      };
      checkTrail(call, trail);
      trailsOf(aws).set(arn, trail);
      return toCreated(trail);
    },
  },
  /** Settings that the request omits stay. */
  UpdateTrail: {
    authorize,
    run(input, call) {
      const trail = requireChangeable(call, input.Name);
      refuseUnbuilt(input);
      const changed = {
        bucket: input.S3BucketName ?? trail.bucket,
        prefix: input.S3KeyPrefix ?? trail.prefix,
        multiRegion: input.IsMultiRegionTrail ?? trail.multiRegion,
        organization: input.IsOrganizationTrail ?? trail.organization,
        globalEvents: input.IncludeGlobalServiceEvents ?? trail.globalEvents,
        validation: input.EnableLogFileValidation ?? trail.validation,
      };
      checkTrail(call, { ...trail, ...changed });
      return toCreated(Object.assign(trail, changed));
    },
  },
  DeleteTrail: {
    authorize,
    run({ Name }, call) {
      trailsOf(call.aws).delete(requireChangeable(call, Name).arn);
    },
  },
  StartLogging: {
    authorize,
    run({ Name }, call) {
      const trail = requireChangeable(call, Name);
      if (!trail.logging) Object.assign(trail, { logging: true, startedAt: call.aws.clock.now() });
    },
  },
  StopLogging: {
    authorize,
    run({ Name }, call) {
      const trail = requireChangeable(call, Name);
      if (trail.logging) Object.assign(trail, { logging: false, stoppedAt: call.aws.clock.now() });
    },
  },
} satisfies Operations<typeof Sdk>;

/** @throws TrailAlreadyExistsException, MaximumNumberOfTrailsExceededException */
function requireRoom(call: Call, name: string): void {
  const there = trailsIn(call).filter(({ account }) => account === call.account);
  if (there.some((trail) => trail.name === name)) {
    const message = `Trail ${name} already exists for customer: ${call.account}`;
    throw new AwsError("TrailAlreadyExistsException", message);
  }
  if (there.length >= MOST_IN_A_REGION) {
    const message = `User: ${call.account} already has ${MOST_IN_A_REGION} trails in ${call.region}.`;
    throw new AwsError("MaximumNumberOfTrailsExceededException", message);
  }
}
