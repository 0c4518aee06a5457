import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { interferenceOf } from "../../faults/interference.ts";
import { type Delivery, deliver } from "./deliver.ts";
import { type BusEvent, toTheSecond } from "./event.ts";
import { matches } from "./pattern/matches.ts";
import { type Bus, isBus, requireBus } from "./state.ts";
import { tellWatchers } from "./watch.ts";

interface ServiceEvent extends Pick<BusEvent, "account" | "region" | "source" | "detail-type" | "detail"> {
  readonly resources?: readonly string[];
  /** Omitted: the next of the common sequence. */
  readonly id?: string;
}

/**
 * Puts an AWS service's event (`source` starts with `aws.`) on the default bus of its account and region.
 * Does not wait for delivery, which happens later on the clock.
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

/** Roughly EventBridge's usual time from PutEvents to the target's invocation. */
const LATENCY_MS = 200;

/**
 * Puts an event on a bus: calls watchers and sends it to the targets of every enabled rule that matches.
 * @param forwarded whether it came from another bus; then it is not forwarded again, in this account or another (user
 *   guide, "Sending and receiving events between AWS accounts")
 */
export function accept(aws: EmbeddedAws, bus: Bus, event: BusEvent, forwarded = false): void {
  tellWatchers(aws, bus, event);
  for (const rule of bus.rules.values()) {
    if (!rule.enabled || !matches(rule.pattern, event)) continue;
    for (const target of rule.targets.values()) {
      if (forwarded && isBus(target.Arn)) continue;
      const delivery = { rule, target, event, acceptedAt: aws.clock.now() };
      for (const late of deliveries(aws, delivery)) {
        aws.clock.after(LATENCY_MS + late, () => deliver(aws, delivery));
      }
    }
  }
}

/** One delivery after the usual time, unless a fault is injected. */
function deliveries(aws: EmbeddedAws, { event, target }: Delivery): readonly number[] {
  const { source, region } = event;
  const asked = { source, detailType: event["detail-type"], region, targetArn: target.Arn ?? "" };
  return interferenceOf(aws)?.deliveries(asked) ?? [0];
}
