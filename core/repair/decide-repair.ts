import type { Trigger, WaitCode } from "../../events/build.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Image } from "../factory/image-schema.ts";

/** What the ledger says of an image, as far as something could have got stuck. */
export interface ImageActivity {
  readonly claim: { readonly since: string; readonly build?: BuildArn | undefined } | undefined;
  readonly pending: readonly {
    readonly since: string;
    /** What a reason waits for on purpose; absent where nobody has decided over it. */
    readonly held?: { readonly code: WaitCode; readonly at: string } | undefined;
  }[];
  readonly builds: readonly {
    readonly build: BuildArn;
    readonly parentBuild?: BuildArn | undefined;
    readonly endedAt?: string | undefined;
    readonly settled?: boolean | undefined;
  }[];
  /** Where the parent's channel points, for an image whose parent is one of the factory. */
  readonly parent: { readonly build: BuildArn; readonly movedAt: string } | undefined;
}

export type Repair =
  /** A build's end was never recorded: ask Image Builder. */
  | { readonly kind: "ask-about-build"; readonly build: BuildArn }
  /** A start that never became a build, or never heard of it: let it go on. */
  | { readonly kind: "finish-claim" }
  /** A claim whose build has ended: free the image. */
  | { readonly kind: "release-claim"; readonly build: BuildArn }
  /** Reasons wait for a build that is not under way, or nobody decided over them. */
  | { readonly kind: "start-waiting" }
  /** Reasons wait on purpose. Their time may have come: no repair, but a question that somebody must ask. */
  | { readonly kind: "ask-waiting" }
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
  if (claim && !claim.build && stuck(claim.since)) repairs.push({ kind: "finish-claim" });
  const ended = builds.find(({ build, settled }) => settled && build === claim?.build);
  if (ended) repairs.push({ kind: "release-claim", build: ended.build });
  if (!claim && pending.length > 0) {
    const forgotten = pending.filter(({ held }) => isForgotten(held?.code));
    const lastEnd =
      builds
        .map(({ endedAt }) => endedAt ?? "")
        .toSorted()
        .at(-1) ?? "";
    if (forgotten.some(({ since, held }) => stuck(later(held?.at ?? since, lastEnd)))) {
      repairs.push({ kind: "start-waiting" });
    } else if (forgotten.length === 0) repairs.push({ kind: "ask-waiting" });
  }
  const missed = missedParent(image, activity);
  if (!claim && pending.length === 0 && missed && stuck(missed.movedAt)) {
    repairs.push({ kind: "follow-parent", trigger: missed.trigger });
  }
  return repairs;
}

/** Whether something should have set a reason going, where nothing is being built. */
const isForgotten = (code: WaitCode | undefined): boolean => code === undefined || code === "building";

/** Of two times as the ledger writes them, or none. */
const later = (one: string, other: string): string => (one > other ? one : other);

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
