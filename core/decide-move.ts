import type { BuildArn } from "../events/ids.ts";

/** A build that a channel points at, or may. */
export interface ChannelBuild {
  readonly build: BuildArn;
  /** When the build was started, in ISO 8601: newer builds replace older ones, never the other way round. */
  readonly startedAt: string;
}

export type MoveDecision =
  | { readonly kind: "move"; readonly previous: BuildArn | undefined }
  | { readonly kind: "already-there" }
  | { readonly kind: "superseded"; readonly by: BuildArn };

/** Whether a promotion moves a channel to its build: a late promotion never takes a channel back. */
export function decideMove(current: ChannelBuild | undefined, next: ChannelBuild): MoveDecision {
  if (!current) return { kind: "move", previous: undefined };
  if (current.build === next.build) return { kind: "already-there" };
  if (current.startedAt > next.startedAt) return { kind: "superseded", by: current.build };
  return { kind: "move", previous: current.build };
}
