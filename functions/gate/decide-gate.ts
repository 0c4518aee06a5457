import type * as z from "zod";
import { findBuild } from "../../adapters/build/builds.ts";
import { readImageState } from "../../adapters/build/image-state.ts";
import { putEvent } from "../../adapters/bus.ts";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import { readWholeEvidence } from "../../adapters/evidence/evidence-store.ts";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { decideGate, type GateDecision } from "../../core/gate/decide-gate.ts";
import type { Circumstances } from "../../core/gate/rule.ts";
import { planPromotion } from "../../core/promotion/plan-promotion.ts";
import { gateHeld, gatePassed, gateRejected } from "../../events/gate.ts";
import { evidenceStoreOf, type Subject } from "../evidence/piece.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { findUrgency } from "../promotion/find-urgency.ts";
import { promotionInput } from "../promotion/promotion-input.ts";
import { readWaivers } from "./waivers.ts";

/**
 * Decides on the full evidence, because waivers can remove any finding from the counts. A build that needs an approval
 * passes here, with the approval in its plan before the first channel.
 */
export async function judgeBuild(
  { image, build }: z.output<typeof promotionInput>,
  invocation: Invocation<"EVIDENCE_BUCKET">,
) {
  const { settings, ledger, bus, now } = invocation;
  const { factory } = settings;
  const config = requireImage(factory, image);
  const evidence = await readWholeEvidence(evidenceStoreOf(invocation), build);
  const { verdict, reasons } = decideGate(evidence, config.gate, {
    image,
    waivers: await readWaivers(invocation),
    now,
    revoked: await findRevokedAncestors({ image, build }, invocation),
    canAsk: Object.keys(factory.people).length > 0,
  });
  const needsApproval = verdict === "needs-approval";
  const goesOn = verdict === "rejected" ? "rejected" : "passed";
  const decidedAt = now.toISOString();
  const { record, urgency, request } = await findUrgency({ image, build }, invocation);
  const decided = { reasons, ...(urgency && { urgent: urgency }) };
  await recordGate(ledger, build, { verdict: goesOn, ...(needsApproval && { needsApproval }), ...decided, decidedAt });
  await putEvent(bus, events[verdict], { image, build, ...decided });
  const triggers = record?.triggers ?? [];
  // A request restarts a promotion that waits: its channels may have the build already.
  const soaked = request && (await readSoaked({ image, build }, invocation));
  const plan = planPromotion(factory, config, { triggers, needsApproval, urgent: urgency, soaked });
  return { verdict: goesOn, reasons, ...plan };
}

/** For how many seconds each channel that points at the build has done so. */
async function readSoaked(
  { image, build }: Subject,
  { ledger, now }: Pick<Invocation, "ledger" | "now">,
): Promise<Map<string, number>> {
  const { channels } = await readImageState(ledger, image, ["channels"]);
  const pointing = Object.entries(channels).filter(([, one]) => one.build === build);
  return new Map(
    pointing.map(([name, { movedAt }]) => [name, Math.floor((now.getTime() - Date.parse(movedAt)) / 1000)]),
  );
}

const events: Readonly<Record<GateDecision["verdict"], typeof gatePassed | typeof gateHeld | typeof gateRejected>> = {
  passed: gatePassed,
  "needs-approval": gateHeld,
  rejected: gateRejected,
};

/** A build's revoked ancestors: its parent, its parent's parent, and so on. */
async function findRevokedAncestors(
  { image, build }: Subject,
  { ledger, settings }: Pick<Invocation, "ledger" | "settings">,
): Promise<Circumstances["revoked"]> {
  const revoked: { build: Subject["build"]; reason: string }[] = [];
  const seen = new Set<string>([build]);
  let at: Subject | undefined = { image, build };
  while (at) {
    const parent: string | undefined = parentImageOf(settings.factory, at.image);
    const ancestor: Subject["build"] | undefined = (await findBuild(ledger, at.image, at.build))?.parentBuild;
    if (!parent || !ancestor || seen.has(ancestor)) break;
    seen.add(ancestor);
    const revocation = await findRevocation(ledger, ancestor);
    if (revocation) revoked.push({ build: ancestor, reason: revocation.reason });
    at = { image: parent, build: ancestor };
  }
  return revoked;
}

function parentImageOf({ images }: Invocation["settings"]["factory"], image: string): string | undefined {
  const parent = images[image]?.parent;
  return parent && "image" in parent ? parent.image : undefined;
}

export const handler = lambda({ input: promotionInput, env: ["EVIDENCE_BUCKET"], run: judgeBuild });
