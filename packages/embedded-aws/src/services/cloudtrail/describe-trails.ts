import type * as Sdk from "@aws-sdk/client-cloudtrail";
import type { Trail as TrailOutput } from "@aws-sdk/client-cloudtrail";
import type { Operations } from "../../engine/operation.ts";
import { findTrail, requireTrail, trailResource, trailsIn } from "./find-trail.ts";
import { type Trail, trailsOf } from "./state.ts";

/** CloudTrail delivers log files about every five minutes (user guide, "How CloudTrail works"). */
const DELIVERY_MS = 5 * 60_000;

function lastDelivery(startedAt: number, now: number, stoppedAt: number | undefined, logging: boolean) {
  const until = logging ? now : (stoppedAt ?? now);
  const times = Math.floor((until - startedAt) / DELIVERY_MS);
  return times > 0 ? startedAt + times * DELIVERY_MS : undefined;
}

const toText = (time: number | undefined): string =>
  time === undefined ? "" : `${new Date(time).toISOString().slice(0, 19)}Z`;

/** The output of CreateTrail and UpdateTrail. */
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

/** The output of DescribeTrails and GetTrail. */
const toTrail = (trail: Trail): TrailOutput => ({
  ...toCreated(trail),
  HomeRegion: trail.homeRegion,
  HasCustomEventSelectors: "advanced" in trail.selectors || trail.selectors.custom,
  HasInsightSelectors: false,
});

export const operations = {
  /**
   * A shadow is a trail of another region, or the organization's in a member account. Names or ARNs that do not exist
   * are ignored.
   */
  DescribeTrails: {
    run({ trailNameList = [], includeShadowTrails = true }, call) {
      const named = trailNameList.map((one) => findTrail(call, one)).filter((one) => one !== undefined);
      const found = trailNameList.length > 0 ? named : trailsIn(call);
      const wanted = found.filter(
        (trail) => includeShadowTrails || (trail.homeRegion === call.region && trail.account === call.account),
      );
      return { trailList: [...new Set(wanted)].map(toTrail) };
    },
  },
  /** A trail of another region, or the organization's in a member account, is found by its ARN only. */
  GetTrail: {
    authorize: ({ Name }, call) => [{ resources: [trailResource(call, Name)] }],
    run: ({ Name }, call) => ({ Trail: toTrail(requireTrail(call, Name)) }),
  },
  /**
   * The account's own trails, of all regions. That organization trails are not listed in member accounts is inferred.
   */
  ListTrails: {
    list: "Trails",
    run(_, { aws, account }) {
      const own = [...trailsOf(aws).values()].filter((trail) => trail.account === account);
      return {
        Trails: own.map(({ arn, name, homeRegion }) => ({ TrailARN: arn, Name: name, HomeRegion: homeRegion })),
      };
    },
  },
  /**
   * Members of an organization read the status of its trail by the trail's ARN. No log files are written, so delivery
   * times are computed as if each delivery had content. AWS calls TimeLoggingStarted and the other strings deprecated,
   * but still answers them.
   */
  GetTrailStatus: {
    authorize: ({ Name }, call) => [{ resources: [trailResource(call, Name)] }],
    run({ Name }, call) {
      const { logging, startedAt, stoppedAt } = requireTrail(call, Name);
      const delivered =
        startedAt === undefined ? undefined : lastDelivery(startedAt, call.aws.clock.now(), stoppedAt, logging);
      return {
        IsLogging: logging,
        ...(delivered !== undefined && { LatestDeliveryTime: new Date(delivered) }),
        ...(startedAt !== undefined && { StartLoggingTime: new Date(startedAt) }),
        ...(stoppedAt !== undefined && { StopLoggingTime: new Date(stoppedAt) }),
        LatestDeliveryAttemptTime: toText(delivered),
        LatestNotificationAttemptTime: "",
        LatestNotificationAttemptSucceeded: "",
        LatestDeliveryAttemptSucceeded: toText(delivered),
        TimeLoggingStarted: toText(startedAt),
        TimeLoggingStopped: toText(stoppedAt),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
