import type * as Sdk from "@aws-sdk/client-cloudtrail";
import type { Call, Operations } from "../../engine/operation.ts";
import { requireChangeable } from "./find-trail.ts";
import { trailsOf } from "./state.ts";
import { toCreated } from "./to-trail.ts";
import { trailResource } from "./trail-name.ts";
import { checkTrail, refuseUnbuilt } from "./trail-settings.ts";

const authorize = ({ Name }: { Name: string | undefined }, call: Call) => [{ resources: [trailResource(call, Name)] }];

export const operations = {
  /** What a request leaves out stays. */
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
      return {};
    },
  },
  StartLogging: {
    authorize,
    run({ Name }, call) {
      const trail = requireChangeable(call, Name);
      if (!trail.logging) Object.assign(trail, { logging: true, startedAt: call.aws.clock.now() });
      return {};
    },
  },
  StopLogging: {
    authorize,
    run({ Name }, call) {
      const trail = requireChangeable(call, Name);
      if (trail.logging) Object.assign(trail, { logging: false, stoppedAt: call.aws.clock.now() });
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
