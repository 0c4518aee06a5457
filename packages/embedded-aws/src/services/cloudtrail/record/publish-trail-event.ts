import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { RecordedService } from "../../../engine/operation.ts";
import { idFrom, toTheSecond } from "../../events/event.ts";
import { publishServiceEvent } from "../../events/publish-service-event.ts";
import { isAwaited } from "../../events/watch.ts";
import { isRecorded } from "../covers.ts";

interface TrailEvent {
  /** The account that gets the event. */
  readonly account: string;
  readonly region: string;
  readonly eventName: string;
  readonly "detail-type": "AWS API Call via CloudTrail" | "AWS Service Event via CloudTrail";
  /** Identifies the event: its ids are derived from this. */
  readonly key: string;
  /** Only called if the event can be observed. */
  readonly fields: () => object;
}

/**
 * Puts a management write event on the default bus of its account and region, if a trail there records it. In AWS it
 * arrives minutes later on a best-effort basis; here at once.
 */
export function publishTrailEvent(
  aws: EmbeddedAws,
  { source, eventSource, alwaysMade }: Pick<RecordedService, "source" | "eventSource" | "alwaysMade">,
  { account, region, eventName, key, fields, ...event }: TrailEvent,
): void {
  if (!isRecorded(aws, { account, region, eventSource, eventName })) return;
  const known = { source, account, region, "detail-type": event["detail-type"], detail: { eventSource, eventName } };
  if (!alwaysMade && !isAwaited(aws, known)) return;
  publishServiceEvent(aws, {
    ...known,
    ...(!alwaysMade && { id: idFrom(`${key}/event`) }),
    detail: {
      eventVersion: "1.08",
      eventTime: toTheSecond(aws.clock.now()),
      eventSource,
      eventName,
      awsRegion: region,
      eventID: alwaysMade ? aws.uuid() : idFrom(key),
      readOnly: false,
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: "Management",
      ...fields(),
    },
  });
}
