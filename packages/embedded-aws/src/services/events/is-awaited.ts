import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { mayMatch } from "./pattern/may-match.ts";
import { busesOf } from "./state.ts";
import { hasWatchers } from "./watch.ts";

interface KnownFields {
  readonly account: string;
  readonly region: string;
}

/** Whether a rule of a default bus can match an event of which only some fields are known yet, or the bus is watched. */
export function isAwaited(aws: EmbeddedAws, event: KnownFields): boolean {
  const bus = busesOf(aws, event.account, event.region).get("default");
  if (!bus) return false;
  if (hasWatchers(aws, bus)) return true;
  for (const rule of bus.rules.values()) {
    if (rule.enabled && rule.targets.size > 0 && mayMatch(rule.pattern, event)) return true;
  }
  return false;
}
