import { createHash } from "node:crypto";
import type { Trigger } from "../events/trigger.ts";

/**
 * A trigger's identity: the same reason gives the same token however often it comes, so it starts one build.
 * Fits Image Builder's `clientToken` (1 to 64 characters).
 * @param eventId tells two manual requests by the same person apart; the schedule and the parent say it themselves
 */
export function triggerToken(image: string, trigger: Trigger, eventId: string): string {
  return createHash("sha256")
    .update([image, trigger.kind, ...reason(trigger, eventId)].join("\n"))
    .digest("hex")
    .slice(0, 40);
}

function reason(trigger: Trigger, eventId: string): string[] {
  switch (trigger.kind) {
    case "schedule":
      return [trigger.scheduledTime];
    case "manual":
      return [trigger.requestedBy, eventId];
    case "parent":
      return [trigger.parentBuild];
  }
}

/** The token of several triggers that start one build together; of a single one, its own. */
export function combinedToken(tokens: readonly string[]): string {
  const [only] = tokens;
  if (only && tokens.length === 1) return only;
  return createHash("sha256").update(tokens.toSorted().join("\n")).digest("hex").slice(0, 40);
}
