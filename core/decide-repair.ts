import type { BuildArn } from "../events/ids.ts";
import type { Trigger } from "../events/trigger.ts";
import type { Image } from "./factory/image-schema.ts";

/** What the ledger says of an image, as far as something could have got stuck. */
export interface ImageActivity {
  readonly claim: { readonly since: string; readonly build?: BuildArn | undefined } | undefined;
  readonly pending: readonly unknown[];
  readonly builds: readonly {
    readonly build: BuildArn;
    readonly parentBuild?: BuildArn | undefined;
    readonly settled?: boolean | undefined;
  }[];
  /** Where the parent's channel points, for an image whose parent is one of the factory. */
  readonly parent: { readonly build: BuildArn; readonly movedAt: string } | undefined;
}

export type Repair =
  /** A build's end was never recorded: ask Image Builder. */
  | { readonly kind: "ask-about-build"; readonly build: BuildArn }
  /** A start that never became a build: let its triggers start again. */
  | { readonly kind: "abandon-claim" }
  /** Triggers wait although nothing is being built. */
  | { readonly kind: "start-waiting" }
  /** The parent's promotion was never followed. */
  | { readonly kind: "follow-parent"; readonly trigger: Extract<Trigger, { kind: "parent" }> };

/** Lambda has retried an event for three minutes and EventBridge delivered it long since: what stands longer is stuck. */
const PATIENCE_MS = 30 * 60_000;

/** What must be set going again because an event was lost or a function died. */
export function decideRepair(image: Image, activity: ImageActivity, now: Date): Repair[] {
  const { claim, pending, builds } = activity;
  const stuck = (since: string): boolean => now.getTime() - Date.parse(since) > PATIENCE_MS;
  const repairs: Repair[] = builds
    .filter(({ settled }) => !settled)
    .map(({ build }) => ({ kind: "ask-about-build", build }));
  if (claim && !claim.build && stuck(claim.since)) repairs.push({ kind: "abandon-claim" });
  if (!claim && pending.length > 0) repairs.push({ kind: "start-waiting" });
  const missed = missedParent(image, activity);
  if (!claim && pending.length === 0 && missed && stuck(missed.movedAt)) {
    repairs.push({ kind: "follow-parent", trigger: missed.trigger });
  }
  return repairs;
}

function missedParent({ parent, triggers }: Image, activity: ImageActivity) {
  const promoted = activity.parent;
  if (!("image" in parent) || !triggers.parent || !promoted) return undefined;
  if (activity.builds.some(({ parentBuild }) => parentBuild === promoted.build)) return undefined;
  const trigger = {
    kind: "parent",
    parent: parent.image,
    channel: parent.channel,
    parentBuild: promoted.build,
  } as const;
  return { movedAt: promoted.movedAt, trigger };
}
