import type { GateReason } from "../../events/gate.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { OnViolation, Waiver } from "../factory/gate-schema.ts";
import { sayWaiver } from "./waivers.ts";

/** A reason's lists are cut there: it travels in an event and in a message. */
const MOST_EXAMPLES = 10;

const MOST_WAIVERS = 50;

interface Outcome {
  readonly rule: string;
  readonly passed: boolean;
  readonly found: string;
  readonly allowed: string;
  readonly examples?: readonly string[];
  /** What of the waivers was needed. */
  readonly waivers?: readonly Waiver[];
  readonly onViolation?: OnViolation;
}

/** What a rule of the gate says of a build. */
export const reason = ({ examples = [], waivers = [], onViolation, ...said }: Outcome): GateReason => ({
  ...said,
  examples: examples.slice(0, MOST_EXAMPLES),
  ...(waivers.length > 0 && { waived: [...new Set(waivers.map(sayWaiver))].slice(0, MOST_WAIVERS) }),
  ...(!said.passed && onViolation === "ask" && { asks: true as const }),
});

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
