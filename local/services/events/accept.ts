import type { EmbeddedAws } from "../../embedded-aws.ts";
import { deliver } from "./deliver.ts";
import type { BusEvent } from "./event.ts";
import { matches } from "./pattern/matches.ts";
import type { Bus } from "./state.ts";

/** EventBridge's usual time from PutEvents to the target's invocation, roughly. */
const LATENCY_MS = 200;

/** Takes an event onto a bus: tells the watchers and sends it to the targets of every enabled rule that matches. */
export function accept(aws: EmbeddedAws, bus: Bus, event: BusEvent): void {
  for (const watcher of bus.watchers) watcher(event);
  for (const rule of bus.rules.values()) {
    if (!rule.enabled || !matches(rule.pattern, event)) continue;
    for (const target of rule.targets.values()) {
      const delivery = { rule, target, event, acceptedAt: aws.clock.now() };
      aws.clock.after(LATENCY_MS, () => deliver(aws, delivery));
    }
  }
}
