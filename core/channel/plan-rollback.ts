import type { BuildArn } from "../../events/ids.ts";

/** One move of a channel. */
export interface ChannelMove {
  /** Undefined: it was made to point at nothing. */
  readonly build?: BuildArn | undefined;
  readonly how?: "promotion" | "rollback" | "revoke" | "undo" | undefined;
  readonly request?: string | undefined;
}

/**
 * The builds that a channel came by to where it is, the last one at the end. What somebody went back from is not on the
 * way any more: going back twice goes two builds back.
 * @param history a channel's moves, the oldest first
 */
export function trailOf(history: readonly ChannelMove[]): BuildArn[] {
  let trail: BuildArn[] = [];
  for (const { build, how } of history) {
    if (!build) continue;
    const known = trail.lastIndexOf(build);
    if (known < 0) trail.push(build);
    else if (how === "promotion" || how === undefined) trail = [...trail.filter((one) => one !== build), build];
    else trail = trail.slice(0, known + 1);
  }
  return trail;
}

/** Why a channel cannot go back to a build, in words that follow "it"; undefined: it can. */
export type Obstacle = string | undefined;

type RollbackPlan =
  | { readonly kind: "move"; readonly to: BuildArn }
  | { readonly kind: "stays"; readonly at: BuildArn }
  /** `possible`: where the channel could go, the nearest first. */
  | { readonly kind: "refused"; readonly why: string; readonly possible: readonly BuildArn[] };

/** Where a rollback takes a channel: to the build that was asked for, or to the last one before that can be had. */
export function planRollback(asked: {
  readonly history: readonly ChannelMove[];
  readonly current: BuildArn | undefined;
  readonly to?: BuildArn | undefined;
  readonly obstacle: (build: BuildArn) => Obstacle;
}): RollbackPlan {
  const { history, current, to, obstacle } = asked;
  const ever = new Set(history.flatMap(({ build }) => build ?? []).toReversed());
  const possible = [...ever].filter((build) => build !== current && obstacle(build) === undefined);
  if (to) {
    const why = ever.has(to) ? obstacle(to) : "was never promoted to this channel";
    if (why) return { kind: "refused", why: `it ${why}`, possible };
    return to === current ? { kind: "stays", at: to } : { kind: "move", to };
  }
  if (!current) return { kind: "refused", why: "it points at nothing", possible };
  const back = findBack(history, current, obstacle);
  return back ? { kind: "move", to: back } : { kind: "refused", why: "no build before it can be had", possible };
}

/** The last build on a channel's way, other than `from`, that can be had. */
export const findBack = (
  history: readonly ChannelMove[],
  from: BuildArn,
  obstacle: (build: BuildArn) => Obstacle,
): BuildArn | undefined => trailOf(history).findLast((build) => build !== from && obstacle(build) === undefined);
/** Names of the errors with which `functions/channel/roll-back.ts` has decided: asked again, it says the same. */
export const rollbackDecisions: readonly string[] = [
  "RollbackRefused",
  "ChannelMovedOn",
  "ChannelContested",
  "BuildRevoked",
  "BuildRetired",
  "PromotionUndone",
  "UnknownImage",
  "UnknownChannel",
  "AmiNotAvailable",
  "NoAmiInRegion",
];
