import { findHold } from "../../../adapters/ledger/holds.ts";
import { findGone, recordGone } from "../../../adapters/ledger/leftovers.ts";
import {
  findRetirement,
  type RetiredRegion,
  type Retirement,
  recordRetiredRegion,
  recordRetirement,
} from "../../../adapters/ledger/retirements.ts";
import type { Stage } from "../../../core/retire/facts.ts";
import type { Decision, RetirableBuild } from "../../../core/retire/plan-retirement.ts";
import { isHeld } from "../../../core/retire/why-kept.ts";
import { inTurn } from "../repair/in-turn.ts";
import { type ActedStage, actInRegion } from "./act-in-region.ts";
import { isDone } from "./is-gone.ts";
import type { RetireStep } from "./retire-step.ts";
import { takeBack } from "./take-back.ts";

const stageOf: Readonly<Partial<Record<Decision["does"], Stage>>> = {
  deprecate: "deprecated",
  condemn: "condemned",
  withdraw: "withdrawn",
  disable: "disabled",
  deregister: "deregistered",
};

/**
 * Does what was decided about a build, in all its regions, one after the other. It is written down before; whoever dies
 * over it is made up for by the next run, which finds the stage begun and regions that lack it.
 * @returns how many regions it changed; 0 where somebody else changed the build meanwhile, or holds it
 */
export async function carryOut(decision: Decision, facts: RetirableBuild, step: RetireStep): Promise<number> {
  const { ledger } = step;
  const { build } = decision;
  const retired = await findRetirement(ledger, build);
  const before = retired.retirement;
  if (before?.at !== facts.stage?.at || before?.stage !== facts.stage?.stage) return 0;
  if (decision.does === "give-back") {
    return before ? ((await takeBack({ ...retired, retirement: before }, "shared", step))?.length ?? 0) : 0;
  }
  const stage = stageOf[decision.does];
  // Since the plan was made somebody may have held it.
  if (!stage || isHeld(await findHold(ledger, build), step.now)) return 0;
  const begun = before?.stage === stage ? before : await begin(decision, stage, before, step);
  if (!begun) return 0;
  if (stage === "condemned") {
    await recordGone(ledger, build, `it is being retired: ${decision.reasons.join("; ")}`, step.now);
    return 1;
  }
  const changed = await actEverywhere({ decision, facts, stage, begun }, retired.regions, step);
  await undoOvertaken(begun, step);
  return changed;
}

async function begin(
  { image, build, reasons }: Decision,
  stage: Stage,
  before: Retirement | undefined,
  { ledger, now }: RetireStep,
): Promise<Retirement | undefined> {
  const { givenBackAt, told } = before ?? {};
  const begun: Retirement = { image, build, stage, at: now.toISOString(), why: reasons, givenBackAt, told };
  return (await recordRetirement(ledger, begun, before)) ? begun : undefined;
}

interface Acting {
  readonly decision: Decision;
  readonly facts: RetirableBuild;
  readonly stage: ActedStage;
  readonly begun: Retirement;
}

function actEverywhere(
  { decision, facts, stage, begun }: Acting,
  known: ReadonlyMap<string, RetiredRegion>,
  step: RetireStep,
): Promise<number> {
  const { ledger } = step;
  const { build, proof } = decision;
  const acts = facts.regions.map(({ region, amiId }) => [
    `${stage} ${amiId} in ${region}`,
    async () => {
      const before = known.get(region) ?? { build, region, amiId, proofs: {} };
      if (isDone([before], stage)) return 0;
      // Since the last act somebody may have taken it back, or held it.
      if (!(await isStill(begun, step)) || isHeld(await findHold(ledger, build), step.now)) return 0;
      const seen = proof.find((one) => one.region === region);
      const one: RetiredRegion = { ...before, ...(seen && { proofs: { ...before.proofs, [stage]: seen } }) };
      await recordRetiredRegion(ledger, one);
      return (await actInRegion(one, stage, step)) ? 1 : 0;
    },
  ]);
  return inTurn(Object.fromEntries(acts));
}

const isStill = async ({ build, at, stage }: Retirement, { ledger }: RetireStep): Promise<boolean> => {
  const { retirement } = await findRetirement(ledger, build);
  return retirement?.at === at && retirement.stage === stage;
};

/** Somebody took the build back while it was acted upon: what was done after they had looked is taken back, too. */
async function undoOvertaken(begun: Retirement, step: RetireStep): Promise<void> {
  if (await isStill(begun, step)) return;
  const { retirement, regions } = await findRetirement(step.ledger, begun.build);
  if (!retirement || retirement.givingBack || (await findGone(step.ledger, begun.build))) return;
  await takeBack({ retirement, regions }, "shared", step);
}
