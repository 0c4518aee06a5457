import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { RecordedService } from "../../../engine/operation.ts";
import { idFrom, toTheSecond } from "../../events/event.ts";
import { publishServiceEvent } from "../../events/publish-service-event.ts";
import { isAwaited } from "../../events/watch.ts";
import { isRecorded } from "../covers.ts";

interface TrailEvent {
  /** The account whose event it is. */
  readonly account: string;
  readonly region: string;
  readonly eventName: string;
  readonly "detail-type": "AWS API Call via CloudTrail" | "AWS Service Event via CloudTrail";
  /** Says which event it is among all: its ids are made from this. */
  readonly key: string;
  /** Made only when something can see the event. */
  readonly fields: () => object;
}

/**
 * Puts a management event that writes on the default bus of its account and region, if a trail there records it. In AWS
 * it arrives minutes later, best effort; here at once.
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
