import type { Trigger, WaitCode } from "../../events/build.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { JudgedBuild } from "../build/decide-start.ts";
import type { Image } from "../factory/image-schema.ts";
import { isBreakerOpen } from "../monitoring/measure-image.ts";

/** The parts of an image's state in the ledger that can get stuck. */
export interface ImageActivity {
  readonly claim: { readonly since: string; readonly build?: BuildArn | undefined } | undefined;
  readonly pending: readonly {
    readonly since: string;
    /** What a reason waits for intentionally; absent if it was not decided yet. */
    readonly held?: { readonly code: WaitCode; readonly at: string } | undefined;
  }[];
  readonly builds: readonly {
    readonly build: BuildArn;
    readonly parentBuild?: BuildArn | undefined;
    readonly endedAt?: string | undefined;
    readonly settled?: boolean | undefined;
  }[];
  /** The build that the parent's channel points at, if the parent is an image of the factory. */
  readonly parent: { readonly build: BuildArn; readonly movedAt: string } | undefined;
}

export type Repair =
  /** A build's end was not recorded: ask Image Builder. */
  | { readonly kind: "ask-about-build"; readonly build: BuildArn }
  /** A start that has no recorded build: continue it. */
  | { readonly kind: "finish-claim" }
  /** A claim whose build has ended: release the image. */
  | { readonly kind: "release-claim"; readonly build: BuildArn }
  /** Reasons wait for a build that is not in progress, or were never decided. */
  | { readonly kind: "start-waiting" }
  /** Reasons wait intentionally. Their wait may be over: not a repair, but the start decision must run again. */
  | { readonly kind: "ask-waiting" }
  /** The parent's promotion did not trigger a build. */
  | { readonly kind: "follow-parent"; readonly trigger: Extract<Trigger, { kind: "parent" }> };

/** Retries of Lambda (three minutes) and EventBridge's delivery end well within this time: anything older is stuck. */
const PATIENCE_MS = 30 * 60_000;

/** Decides what must be continued because an event was lost or a function crashed. */
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

/** The kinds of announced work that depend on an image's builds. */
const BUILT: readonly string[] = ["activity", "approvals"];

/**
 * Whether the hourly run reads the builds: while work that depends on them is announced; once after each move of a
 * channel, for children that did not follow it; and while an image was never published, whose age counts from its
 * first build.
 */
export const needsBuilds = ({
  work,
  moved,
  published,
}: {
  readonly work: ReadonlySet<string>;
  readonly moved: boolean;
  readonly published: boolean;
}): boolean => moved || !published || BUILT.some((kind) => work.has(kind));

interface ActiveState extends Pick<ImageActivity, "claim" | "pending"> {
  readonly builds: readonly (JudgedBuild & Pick<ImageActivity["builds"][number], "settled">)[];
}

/**
 * Whether the next hour must read an image's builds: one is in progress or its end is not processed, triggers wait, or
 * the breaker is open, which is measured every hour.
 */
export const isActive = (image: Pick<Image, "triggers">, state: ActiveState | undefined): boolean =>
  state !== undefined &&
  (state.claim !== undefined ||
    state.pending.length > 0 ||
    state.builds.some(({ settled }) => !settled) ||
    isBreakerOpen(image, state.builds));

/** Whether a reason should have been started, given that no build is in progress. */
const isForgotten = (code: WaitCode | undefined): boolean => code === undefined || code === "building";

/** The later of two ISO 8601 times; either may be empty. */
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
