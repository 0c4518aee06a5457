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
import type { Invocation } from "../invocation.ts";
import { reshareAmi } from "../revocation/reshare-build.ts";
import { artifactOf } from "../share/artifact-of.ts";
import { retirableOf } from "./retirable-of.ts";

/**
 * Undoes a retirement that this invocation claimed: enables, shares and marks the build's AMIs as before, and allows
 * promotions and rollbacks again. A repeated call resumes, also after a crash.
 * @param upTo `shared`: the AMIs stay deprecated; `deprecated`: that is undone, too
 * @returns the regions that changed
 * @throws ClaimLapsed, RevokedMeanwhile
 */
export async function undoRetirement(
  { retirement, regions }: RetiredBuild & { readonly retirement: Retirement },
  upTo: "shared" | "deprecated",
  invocation: Invocation,
): Promise<RetiredRegion[]> {
  const { ledger } = invocation;
  const now = invocation.now.toISOString();
  const giving = await recordRetirement(ledger, { ...retirement, at: now, givingBack: true }, retirement);
  if (!giving) throw new ClaimLapsed(retirement.build);
  const taken = [...regions.values()].filter(
    ({ saved, deprecatedBefore }) => saved || (upTo === "deprecated" && deprecatedBefore),
  );
  const [result] = await Promise.allSettled([inRegions(taken, (one) => undoRetirementIn(one, upTo, invocation))]);
  // Also after a failure: a revocation makes one region fail, and the others may be shared.
  if (await findRevocation(ledger, retirement.build)) await leaveToRevocation(giving, taken, invocation);
  if (result.status === "rejected") throw result.reason;
  await removeGone(ledger, retirement.build);
  const { givingBack: _, claim: __, ...back }: Retirement = { ...giving, stage: "deprecated", givenBackAt: now };
  if (!(await recordRetirement(ledger, back, giving))) throw new ClaimLapsed(retirement.build);
  return taken;
}

/**
 * A concurrent revocation read the AMIs before they were enabled, so they are disabled again. The records return to
 * their former state for a later restore, with the time of now, as the AMIs could be launched in between.
 */
async function leaveToRevocation(
  giving: Retirement,
  taken: readonly RetiredRegion[],
  invocation: Invocation,
): Promise<never> {
  const { ledger } = invocation;
  const at = invocation.now.toISOString();
  await inRegions(taken, async (one) => {
    await artifactOf(one.region, one.amiId, invocation).disable();
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
    super(`${build} was revoked while it was being restored; repeat \`amint restore\` to share it.`);
  }
}

/** The restore outlasted its claim, and another function continued with the build. */
class ClaimLapsed extends Error {
  override readonly name = "ClaimLapsed";

  constructor(build: BuildArn) {
    super(
      `Another function changed ${build} while it was being restored; the next daily run, or \`amint restore\`, completes it.`,
    );
  }
}

async function undoRetirementIn(
  one: RetiredRegion,
  upTo: "shared" | "deprecated",
  invocation: Invocation,
): Promise<void> {
  const { build, region, amiId, saved, deprecatedBefore } = one;
  if (await findRevocation(invocation.ledger, build)) throw new RevokedMeanwhile(build);
  const state = await artifactOf(region, amiId, invocation).findState();
  // Keep what a restore from the Recycle Bin needs.
  if (state === undefined && one.done?.stage === "deregistered") return;
  if (state !== undefined && saved) {
    await reshareAmi(build, { region, amiId, ...saved }, invocation);
  }
  if (state !== undefined && upTo === "deprecated" && deprecatedBefore) {
    const isToCome = deprecatedBefore !== "none" && Date.parse(deprecatedBefore) > invocation.now.getTime();
    const retirable = retirableOf(region, amiId, invocation);
    if (isToCome) await retirable.deprecateFrom(new Date(deprecatedBefore));
    else if (deprecatedBefore === "none") await retirable.forgetDeprecation();
  }
  const { saved: _, deprecatedBefore: before, done, ...rest } = one;
  const at = invocation.now.toISOString();
  await recordRetiredRegion(invocation.ledger, {
    ...rest,
    ...(upTo === "shared" && { deprecatedBefore: before, ...(done && { done: { stage: "deprecated", at } }) }),
  });
}
