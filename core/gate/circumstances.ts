import type { BuildArn } from "../../events/ids.ts";
import type { Waiver } from "../factory/waiver-schema.ts";

/** What a gate weighs beside the evidence and its thresholds. */
export interface Circumstances {
  readonly image: string;
  /** The config's and those that somebody gave by command; which of them count is decided here. */
  readonly waivers: readonly Waiver[];
  readonly now: Date;
  /** Builds among the build's ancestors that somebody revoked, and why. */
  readonly revoked: readonly { readonly build: BuildArn; readonly reason: string }[];
  /** Whether the config has people who could be asked. */
  readonly canAsk: boolean;
}

/** The day on which a gate decides, in UTC: `2026-04-15`. */
export const today = ({ now }: Pick<Circumstances, "now">): string => now.toISOString().slice(0, 10);
