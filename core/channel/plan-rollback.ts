import type { BuildArn } from "../../events/ids.ts";

/** One move of a channel. */
export interface ChannelMove {
  /** Undefined: the channel was emptied. */
  readonly build?: BuildArn | undefined;
  readonly how?: "promotion" | "rollback" | "revoke" | "undo" | undefined;
  readonly request?: string | undefined;
}

/**
 * The builds that led to a channel's current one, which is the last. Builds that were rolled back are not included: rolling
 * back twice goes back two builds.
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

/** Why a channel cannot go back to a build, as the words after "it"; undefined if it can. */
export type Obstacle = string | undefined;

type RollbackPlan =
  | { readonly kind: "move"; readonly to: BuildArn }
  | { readonly kind: "stays"; readonly at: BuildArn }
  /** `possible`: builds that the channel could go back to, newest first. */
  | { readonly kind: "refused"; readonly why: string; readonly possible: readonly BuildArn[] };

/** The target of a rollback: the requested build, or the last usable earlier one. */
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
  return back ? { kind: "move", to: back } : { kind: "refused", why: "no usable earlier build exists", possible };
}

/** The last usable build on a channel's trail other than `from`. */
export const findBack = (
  history: readonly ChannelMove[],
  from: BuildArn,
  obstacle: (build: BuildArn) => Obstacle,
): BuildArn | undefined => trailOf(history).findLast((build) => build !== from && obstacle(build) === undefined);
/** Errors of `functions/channel/roll-back.ts` that are final: a retry would fail in the same way. */
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
