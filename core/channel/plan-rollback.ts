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
  | Refused;

interface Refused {
  readonly kind: "refused";
  readonly why: string;
  /** Where the channel could go, the nearest first. */
  readonly possible: readonly BuildArn[];
}

interface Asked {
  readonly history: readonly ChannelMove[];
  readonly current: BuildArn | undefined;
  readonly obstacle: (build: BuildArn) => Obstacle;
}

/** Where a rollback takes a channel: to the build that was requested, or to the last usable earlier one. */
export function planRollback(asked: Asked & { readonly to?: BuildArn | undefined }): RollbackPlan {
  const { history, current, to, obstacle } = asked;
  if (to) {
    if (!history.some(({ build }) => build === to)) return refuseStranger(asked);
    const why = obstacle(to);
    if (why) return refuse(asked, `it ${why}`);
    return to === current ? { kind: "stays", at: to } : { kind: "move", to };
  }
  if (!current) return refuse(asked, "it points at no build");
  const back = findBack(history, current, obstacle);
  return back ? { kind: "move", to: back } : refuse(asked, "no earlier build is usable");
}

/** A build that the channel never pointed at, or that does not exist. */
export const refuseStranger = (asked: Asked): Refused => refuse(asked, "it was never promoted to this channel");

function refuse({ history, current, obstacle }: Asked, why: string): Refused {
  const ever = new Set(history.flatMap(({ build }) => build ?? []).toReversed());
  const possible = [...ever].filter((build) => build !== current && obstacle(build) === undefined);
  return { kind: "refused", why, possible };
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
