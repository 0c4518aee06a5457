import type { GateReason } from "../../events/gate.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { OnViolation } from "../factory/benchmark-schema.ts";
import type { Waiver } from "../factory/gate-schema.ts";
import { sayWaiver } from "./waivers.ts";

/** Limits of a reason's lists, because it is part of events and messages. */
const MOST_EXAMPLES = 10;

const MOST_WAIVERS = 50;

interface Outcome {
  readonly rule: string;
  readonly passed: boolean;
  readonly found: string;
  readonly allowed: string;
  readonly examples?: readonly string[];
  /** The waivers that were used. */
  readonly waivers?: readonly Waiver[];
  readonly onViolation?: OnViolation;
}

/** The result of one of the gate's rules. */
export const reason = ({ examples = [], waivers = [], onViolation, ...said }: Outcome): GateReason => ({
  ...said,
  examples: examples.slice(0, MOST_EXAMPLES),
  ...(waivers.length > 0 && { waived: [...new Set(waivers.map(sayWaiver))].slice(0, MOST_WAIVERS) }),
  ...(!said.passed && onViolation === "ask" && { asks: true as const }),
});

/** The gate's inputs besides the evidence and its thresholds. */
export interface Circumstances {
  readonly image: string;
  /** Waivers of the config and of `amint waive`, also for other images and expired ones. */
  readonly waivers: readonly Waiver[];
  readonly now: Date;
  /** Revoked ancestors of the build, and why they were revoked. */
  readonly revoked: readonly { readonly build: BuildArn; readonly reason: string }[];
  /** Whether the config's `people` has entries. */
  readonly canAsk: boolean;
}

/** The day on which a gate decides, in UTC: `2026-04-15`. */
export const today = ({ now }: Pick<Circumstances, "now">): string => now.toISOString().slice(0, 10);
