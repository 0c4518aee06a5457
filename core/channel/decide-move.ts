import type { BuildArn } from "../../events/ids.ts";

/** A build that a channel points at, or may. */
export interface ChannelBuild {
  readonly build: BuildArn;
  /** When the build was started, in ISO 8601: newer builds replace older ones, never the other way round. */
  readonly startedAt: string;
}

/** What a channel points at now. */
export interface ChannelHolder extends ChannelBuild {
  /** Somebody went back from a build started then: only newer ones come in. */
  readonly onlyAfter?: string | undefined;
  /** It was revoked, and nobody has moved the channel off it yet. */
  readonly revoked?: boolean;
}

export type MoveDecision =
  | { readonly kind: "move"; readonly previous: BuildArn | undefined }
  | { readonly kind: "already-there" }
  | { readonly kind: "superseded"; readonly by: BuildArn };

/**
 * Whether a promotion moves a channel to its build: a late promotion never takes a channel back to an older build, nor
 * to one that somebody went back from. A revoked build stands in nobody's way.
 */
export function decideMove(current: ChannelHolder | undefined, next: ChannelBuild): MoveDecision {
  if (!current) return { kind: "move", previous: undefined };
  if (current.build === next.build) return { kind: "already-there" };
  const newer = current.startedAt > next.startedAt && !current.revoked;
  const goneBackFrom = current.onlyAfter !== undefined && current.onlyAfter >= next.startedAt;
  return newer || goneBackFrom ? { kind: "superseded", by: current.build } : { kind: "move", previous: current.build };
}
