import { findHold } from "../../../adapters/ledger/holds.ts";
import { recordGone } from "../../../adapters/ledger/leftovers.ts";
import {
  findRetirement,
  type RetiredBuild,
  type RetiredRegion,
  type Retirement,
  recordRetiredRegion,
  recordRetirement,
} from "../../../adapters/ledger/retirements.ts";
import type { Stage } from "../../../core/retire/facts.ts";
import type { Decision, RetirableBuild } from "../../../core/retire/plan-retirement.ts";
import { isHeld } from "../../../core/retire/why-kept.ts";
import { inTurn } from "../repair/in-turn.ts";
import type { Step } from "../step.ts";
import { type ActedStage, actInRegion } from "./act-in-region.ts";
import { claim, claimedUntil, claimOf, whileClaimed } from "./claim.ts";
import { isDone } from "./is-gone.ts";
import { takeBack } from "./take-back.ts";

const stageOf: Readonly<Partial<Record<Decision["does"], Stage>>> = {
  deprecate: "deprecated",
  condemn: "condemned",
  withdraw: "withdrawn",
  disable: "disabled",
  deregister: "deregistered",
};

/**
 * Does what was decided about a build, in all its regions, one after the other, while nobody else acts upon it. It is
 * written down before; whoever dies over it is made up for by the next run, which finds the stage begun and regions that
 * lack it.
 * @returns how many regions it changed; 0 where somebody else changed the build meanwhile, or holds it
 */
export async function carryOutRetirement(
  decision: Decision,
  facts: RetirableBuild,
  step: Step<"PROMOTION_ARN">,
): Promise<number> {
  const { ledger } = step;
  const { build, does } = decision;
  const { retirement: before, regions } = await findRetirement(ledger, build);
  if (before?.revision !== facts.revision || (before && claimedUntil(before, step))) return 0;
  if (does === "give-back") return before ? giveBack({ retirement: before, regions }, step) : 0;
  const stage = stageOf[does];
  // Since the plan was made somebody may have held it.
  if (!stage || isHeld(await findHold(ledger, build), step.now)) return 0;
  if (!(await begin(decision, stage, before, step))) return 0;
  return whileClaimed(build, step, async () => {
    if (stage !== "condemned") return actEverywhere({ decision, facts, stage }, regions, step);
    await recordGone(ledger, build, `it is being retired: ${decision.reasons.join("; ")}`, step.now);
    return 1;
  });
}

async function giveBack(
  { retirement, regions }: RetiredBuild & { readonly retirement: Retirement },
  step: Step<"PROMOTION_ARN">,
): Promise<number> {
  const claimed = await claim(retirement, step);
  if (!claimed) return 0;
  return whileClaimed(claimed.build, step, async () => {
    const taken = await takeBack({ retirement: claimed, regions }, "shared", step);
    return taken.length;
  });
}

/** Writes down that a stage begins, or is gone on with, by this invocation. */
function begin(
  { image, build, reasons }: Decision,
  stage: Stage,
  before: Retirement | undefined,
  step: Step<"PROMOTION_ARN">,
): Promise<Retirement | undefined> {
  const { givenBackAt, told } = before ?? {};
  const at = before?.stage === stage ? before.at : step.now.toISOString();
  const why = before?.stage === stage ? before.why : reasons;
  const begun = { image, build, stage, at, why, givenBackAt, told, claim: claimOf(step) };
  return recordRetirement(step.ledger, begun, before);
}

interface Acting {
  readonly decision: Decision;
  readonly facts: RetirableBuild;
  readonly stage: ActedStage;
}

function actEverywhere(
  { decision, facts, stage }: Acting,
  known: ReadonlyMap<string, RetiredRegion>,
  step: Step<"PROMOTION_ARN">,
): Promise<number> {
  const { ledger } = step;
  const { build, proof } = decision;
  const acts = facts.regions.map(({ region, amiId }) => [
    `${stage} ${amiId} in ${region}`,
    async () => {
      const before = known.get(region) ?? { build, region, amiId, proofs: {} };
      if (isDone([before], stage)) return 0;
      // Since the last act somebody may have held it.
      if (isHeld(await findHold(ledger, build), step.now)) return 0;
      const seen = proof.find((one) => one.region === region);
      const one: RetiredRegion = { ...before, ...(seen && { proofs: { ...before.proofs, [stage]: seen } }) };
      await recordRetiredRegion(ledger, one);
      return (await actInRegion(one, stage, step)) ? 1 : 0;
    },
  ]);
  return inTurn(Object.fromEntries(acts));
}
