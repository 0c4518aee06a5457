import type * as Sdk from "@aws-sdk/client-cloudtrail";
import type { Operations } from "../../engine/operation.ts";
import { requireTrail } from "./find-trail.ts";
import { trailResource } from "./trail-name.ts";

/** CloudTrail delivers log files about every five minutes (user guide, "How CloudTrail works"). */
const DELIVERY_MS = 5 * 60_000;

export const operations = {
  /**
   * Members of an organization read the status of its trail by the trail's ARN. No log files are written, so deliveries
   * are computed, as if there were something to deliver at each. TimeLoggingStarted and the other texts are what AWS
   * calls deprecated; it still answers them.
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

function lastDelivery(startedAt: number, now: number, stoppedAt: number | undefined, logging: boolean) {
  const until = logging ? now : (stoppedAt ?? now);
  const times = Math.floor((until - startedAt) / DELIVERY_MS);
  return times > 0 ? startedAt + times * DELIVERY_MS : undefined;
}

const toText = (time: number | undefined): string =>
  time === undefined ? "" : `${new Date(time).toISOString().slice(0, 19)}Z`;
