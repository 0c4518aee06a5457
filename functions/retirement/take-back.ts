import { removeGone } from "../../adapters/retirement/leftovers.ts";
import {
  type RetiredBuild,
  type RetiredRegion,
  type Retirement,
  recordRetiredRegion,
  recordRetirement,
} from "../../adapters/retirement/retirements.ts";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import type { BuildArn } from "../../events/ids.ts";
import { inTurn } from "../in-turn.ts";
import { giveOneBack } from "../revocation/give-back.ts";
import { artifactOf } from "../share/artifact-of.ts";
import type { Step } from "../step.ts";
import { retirableOf } from "./retirable-of.ts";

/**
 * Takes a retirement back that this invocation claimed: the build's AMIs are enabled, shared and marked as they were, and
 * promotions and rollbacks take it again. Done twice, or after somebody died over it, it goes on.
 * @param upTo `shared`: they stay deprecated; `deprecated`: that is taken back, too
 * @returns the regions in which something was taken back
 * @throws ClaimLapsed, RevokedMeanwhile
 */
export async function takeBack(
  { retirement, regions }: RetiredBuild & { readonly retirement: Retirement },
  upTo: "shared" | "deprecated",
  step: Step,
): Promise<RetiredRegion[]> {
  const { ledger } = step;
  const now = step.now.toISOString();
  const giving = await recordRetirement(ledger, { ...retirement, at: now, givingBack: true }, retirement);
  if (!giving) throw new ClaimLapsed(retirement.build);
  const taken = [...regions.values()].filter(
    ({ saved, deprecatedBefore }) => saved || (upTo === "deprecated" && deprecatedBefore),
  );
  await inRegions(taken, (one) => takeBackIn(one, upTo, step));
  if (await findRevocation(ledger, retirement.build)) await leaveToRevocation(giving, taken, step);
  await removeGone(ledger, retirement.build);
  const { givingBack: _, claim: __, ...back }: Retirement = { ...giving, stage: "deprecated", givenBackAt: now };
  if (!(await recordRetirement(ledger, back, giving))) throw new ClaimLapsed(retirement.build);
  return taken;
}

/**
 * Somebody who revoked it meanwhile looked at its AMIs before they were enabled: they are disabled again. All is
 * written down as it was, for whoever restores it, from now on: somebody could launch them meanwhile.
 */
async function leaveToRevocation(giving: Retirement, taken: readonly RetiredRegion[], step: Step): Promise<never> {
  const { ledger } = step;
  const at = step.now.toISOString();
  await inRegions(taken, async (one) => {
    await artifactOf(one.region, one.amiId, step).disable();
    await recordRetiredRegion(ledger, { ...one, ...(one.done && { done: { ...one.done, at } }) });
  });
  const { givingBack: _, claim: __, ...before } = giving;
  if (!(await recordRetirement(ledger, before, giving))) throw new ClaimLapsed(giving.build);
  throw new RevokedMeanwhile(giving.build);
}

const inRegions = (regions: readonly RetiredRegion[], act: (one: RetiredRegion) => Promise<void>): Promise<number> =>
  inTurn(Object.fromEntries(regions.map((one) => [`${one.amiId} in ${one.region}`, () => act(one).then(() => 1)])));

class RevokedMeanwhile extends Error {
  override readonly name = "RevokedMeanwhile";

  constructor(build: BuildArn) {
    super(`While ${build} was being given back, somebody revoked it; nobody has it.`);
  }
}

/** It took longer than any function runs, and somebody else went on with the build. */
class ClaimLapsed extends Error {
  override readonly name = "ClaimLapsed";

  constructor(build: BuildArn) {
    super(
      `While ${build} was being given back, somebody else acted upon it; the next daily run, or \`amint restore\`, goes on.`,
    );
  }
}

async function takeBackIn(one: RetiredRegion, upTo: "shared" | "deprecated", step: Step): Promise<void> {
  const { region, amiId, saved, deprecatedBefore } = one;
  const state = await artifactOf(region, amiId, step).findState();
  // What is needed to have it back from the Recycle Bin is kept.
  if (state === undefined && one.done?.stage === "deregistered") return;
  if (state !== undefined && saved) {
    await giveOneBack(one.build, { region, amiId, ...saved }, step);
  }
  if (state !== undefined && upTo === "deprecated" && deprecatedBefore) {
    const isToCome = deprecatedBefore !== "none" && Date.parse(deprecatedBefore) > step.now.getTime();
    const retirable = retirableOf(region, amiId, step);
    if (isToCome) await retirable.deprecateFrom(new Date(deprecatedBefore));
    else if (deprecatedBefore === "none") await retirable.forgetDeprecation();
  }
  const { saved: _, deprecatedBefore: before, done, ...rest } = one;
  const at = step.now.toISOString();
  await recordRetiredRegion(step.ledger, {
    ...rest,
    ...(upTo === "shared" && { deprecatedBefore: before, ...(done && { done: { stage: "deprecated", at } }) }),
  });
}
