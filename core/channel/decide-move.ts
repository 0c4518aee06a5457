import type { BuildArn } from "../../events/ids.ts";

/** A build that a channel points at, or may point at. */
export interface ChannelBuild {
  readonly build: BuildArn;
  /** When the build started, in ISO 8601: newer builds replace older ones, never the reverse. */
  readonly startedAt: string;
}

/** What a channel points at now. */
export interface ChannelHolder extends ChannelBuild {
  /** The start of a build that was rolled back: only newer builds are promoted. */
  readonly onlyAfter?: string | undefined;
  /** The build was revoked, and the channel still points at it. */
  readonly revoked?: boolean;
}

export type MoveDecision =
  | { readonly kind: "move"; readonly previous: BuildArn | undefined }
  | { readonly kind: "already-there" }
  | { readonly kind: "superseded"; readonly by: BuildArn };

/**
 * Whether a promotion moves a channel to its build. A late promotion never moves a channel to an older build, or to one that
 * was rolled back. A revoked build can always be replaced.
 */
export function decideMove(current: ChannelHolder | undefined, next: ChannelBuild): MoveDecision {
  if (!current) return { kind: "move", previous: undefined };
  if (current.build === next.build) return { kind: "already-there" };
  const newer = current.startedAt > next.startedAt && !current.revoked;
  const goneBackFrom = current.onlyAfter !== undefined && current.onlyAfter >= next.startedAt;
  return newer || goneBackFrom ? { kind: "superseded", by: current.build } : { kind: "move", previous: current.build };
}
