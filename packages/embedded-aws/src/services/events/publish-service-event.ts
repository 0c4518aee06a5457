import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { accept } from "./accept.ts";
import { type BusEvent, toTheSecond } from "./event.ts";
import { requireBus } from "./state.ts";

export interface ServiceEvent extends Pick<BusEvent, "account" | "region" | "source" | "detail-type" | "detail"> {
  readonly resources?: readonly string[];
  /** Left out: the next of the common sequence. */
  readonly id?: string;
}

/**
 * An AWS service's own event (`source` starts with `aws.`), onto the default bus of its account and region.
 * The caller doesn't wait: delivery to targets happens later on the clock.
 */
export function publishServiceEvent(aws: EmbeddedAws, event: ServiceEvent): BusEvent {
  const published: BusEvent = {
    version: "0",
    id: event.id ?? aws.uuid(),
    "detail-type": event["detail-type"],
    source: event.source,
    account: event.account,
    time: toTheSecond(aws.clock.now()),
    region: event.region,
    resources: event.resources ?? [],
    detail: event.detail,
  };
  accept(aws, requireBus(aws, event, "default"), published);
  return published;
}
