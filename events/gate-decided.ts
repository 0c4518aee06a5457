import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, imageName } from "./ids.ts";

/** One rule of the gate: what was found, what was allowed, and whether that passes. */
export const gateReason = z.strictObject({
  rule: z.string().min(1),
  passed: z.boolean(),
  found: z.string(),
  allowed: z.string(),
  /** The findings behind it, most severe first; at most ten. */
  examples: z.array(z.string()).max(10),
});
export type GateReason = z.output<typeof gateReason>;

const detail = z.strictObject({ image: imageName, build: buildArn, reasons: z.array(gateReason).min(1) });

/** Every rule passed: the build may be distributed and shared. */
export const gatePassed = defineEvent("gate.passed", detail);

/** At least one rule did not pass: the build goes nowhere. */
export const gateRejected = defineEvent("gate.rejected", detail);
