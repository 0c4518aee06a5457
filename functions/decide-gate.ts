import type * as z from "zod";
import { putEvent } from "../adapters/bus.ts";
import { readWholeEvidence } from "../adapters/evidence-store.ts";
import { recordGate } from "../adapters/ledger/evidence.ts";
import { decideGate, type GateDecision } from "../core/decide-gate.ts";
import { planPromotion } from "../core/plan-promotion.ts";
import { requireImage } from "../core/require-image.ts";
import { gateHeld, gatePassed, gateRejected } from "../events/gate-decided.ts";
import { evidenceStoreOf } from "./lib/evidence/evidence-store-of.ts";
import { findRevokedAncestors } from "./lib/evidence/find-revoked-ancestors.ts";
import { lambda } from "./lib/lambda.ts";
import { promotionInput } from "./lib/promotion-input.ts";
import { readWaivers } from "./lib/read-waivers.ts";
import type { Step } from "./lib/step.ts";

export const handler = lambda({
  input: promotionInput,
  env: ["EVIDENCE_BUCKET"],
  run: judgeBuild,
});

/**
 * Decides on the whole evidence, because waivers can take any finding away from the counts. What is left to people passes
 * here, with an approval before the first channel in its plan.
 */
export async function judgeBuild({ image, build }: z.output<typeof promotionInput>, step: Step<"EVIDENCE_BUCKET">) {
  const { settings, ledger, bus, now } = step;
  const { factory } = settings;
  const config = requireImage(factory, image);
  const evidence = await readWholeEvidence(evidenceStoreOf(step), build);
  const { verdict, reasons } = decideGate(evidence, config.gate, {
    image,
    waivers: await readWaivers(step),
    now,
    revoked: await findRevokedAncestors({ image, build }, step),
    canAsk: Object.keys(factory.people).length > 0,
  });
  const needsApproval = verdict === "needs-approval";
  const goesOn = verdict === "rejected" ? "rejected" : "passed";
  const decidedAt = now.toISOString();
  await recordGate(ledger, build, { verdict: goesOn, ...(needsApproval && { needsApproval }), reasons, decidedAt });
  await putEvent(bus, events[verdict], { image, build, reasons });
  return { verdict: goesOn, reasons, ...planPromotion(factory, config, needsApproval) };
}

const events: Readonly<Record<GateDecision["verdict"], typeof gatePassed | typeof gateHeld | typeof gateRejected>> = {
  passed: gatePassed,
  "needs-approval": gateHeld,
  rejected: gateRejected,
};
