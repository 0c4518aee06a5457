import type { GateReason } from "../../events/gate-decided.ts";
import type { OnViolation } from "../factory/on-violation.ts";
import type { Waiver } from "../factory/waiver-schema.ts";
import { sayWaiver } from "../packages/waivers.ts";

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
