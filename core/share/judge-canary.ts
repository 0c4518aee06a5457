import { type Ended, explainActivity, explainEnd, explainSilence } from "./explain-canary.ts";
import type { Missing, Trial } from "./explain-refusal.ts";

/** How a canary's launches look now. */
export interface Sighting {
  /** The instance that the role launched itself; undefined while EC2 does not show it. */
  readonly instance: { readonly state: string; readonly ended: Ended } | undefined;
  /** Auto Scaling's launch; left out where it launches nothing. `failed` says why one of its launches did. */
  readonly group?: { readonly running: boolean; readonly failed: string | undefined };
}

export type CanaryVerdict =
  | { readonly kind: "pending" }
  | { readonly kind: "launched" }
  | { readonly kind: "refused"; readonly missing: Missing };

const ENDED = ["shutting-down", "terminated", "stopping", "stopped"];

interface Patience {
  /** Whether nobody looks again. */
  readonly last: boolean;
  /** How long it has been looked at. */
  readonly minutes: number;
}

/**
 * So long a grant that was made a moment ago may not work everywhere (KMS developer guide, "Eventual consistency");
 * Auto Scaling tries again by itself.
 */
const GRANT_MINUTES = 5;

/** Launched is what ran, by every way that was asked for. One way that fails is enough to refuse. */
export function judgeCanary({ instance, group }: Sighting, trial: Trial, { last, minutes }: Patience): CanaryVerdict {
  if (instance && ENDED.includes(instance.state)) return refused(explainEnd(instance.ended, trial));
  const given = last || minutes >= GRANT_MINUTES;
  if (group?.failed !== undefined && !group.running && given) return refused(explainActivity(group.failed, trial));
  const ran = instance?.state === "running";
  if (ran && (!group || group.running)) return { kind: "launched" };
  return last ? refused(explainSilence(ran ? "auto-scaling" : "role", minutes)) : { kind: "pending" };
}

const refused = (missing: Missing): CanaryVerdict => ({ kind: "refused", missing });
