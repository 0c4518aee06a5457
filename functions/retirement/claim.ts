import {
  findRetirement,
  type RetiredBuild,
  type RetiredRegion,
  type Retirement,
  recordRetirement,
} from "../../adapters/retirement/retirements.ts";
import { type Stage, stages } from "../../core/retirement/facts.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";

type Claiming = Pick<Invocation, "ledger" | "now" | "requestId" | "log">;

/** Lambda's maximum run time: a function whose claim is older has ended. */
const LONGEST_RUN_MS = 15 * 60_000;

const BETWEEN_MS = 2_000;

const MOST_LOOKS = 30;

/** This invocation's claim; the same for all of its tries. */
export const claimOf = ({ requestId, now }: Claiming): Retirement["claim"] => ({
  by: requestId,
  at: now.toISOString(),
});

/** The latest time until which another function works on a build's AMIs; undefined where none does. */
export function claimedUntil({ claim }: Retirement, { requestId, now }: Claiming): Date | undefined {
  if (!claim || claim.by === requestId) return undefined;
  const until = Date.parse(claim.at) + LONGEST_RUN_MS;
  return until > now.getTime() ? new Date(until) : undefined;
}

/**
 * Claims a build, as read, for this invocation.
 * @returns undefined where another function has claimed or changed it
 */
export async function claim(retirement: Retirement, invocation: Claiming): Promise<Retirement | undefined> {
  if (claimedUntil(retirement, invocation)) return undefined;
  return recordRetirement(invocation.ledger, { ...retirement, claim: claimOf(invocation) }, retirement);
}

/** Runs `act` on a build that this invocation claimed, then releases the claim, also on failure. */
export async function whileClaimed<Done>(
  build: BuildArn,
  invocation: Claiming,
  act: () => Promise<Done>,
): Promise<Done> {
  try {
    return await act();
  } finally {
    await release(build, invocation);
  }
}

/**
 * Runs `act` on a build while retirement leaves it alone. Waits for the daily run to finish with the build, which takes
 * seconds.
 * @throws RetirementUnderWay
 */
export async function whileNotRetired<Done>(
  build: BuildArn,
  invocation: Claiming & Pick<Invocation, "wait">,
  act: () => Promise<Done>,
): Promise<Done> {
  for (let looks = 1; ; looks++) {
    const { retirement } = await findRetirement(invocation.ledger, build);
    if (!retirement) return act();
    if (await claim(retirement, invocation)) return whileClaimed(build, invocation, act);
    if (looks === MOST_LOOKS) throw new RetirementUnderWay(build, claimedUntil(retirement, invocation));
    await invocation.wait(BETWEEN_MS);
  }
}

async function release(build: BuildArn, { ledger, requestId, log }: Claiming): Promise<void> {
  try {
    const { retirement } = await findRetirement(ledger, build);
    if (retirement?.claim?.by !== requestId) return;
    const { claim: _, ...released } = retirement;
    await recordRetirement(ledger, released, retirement);
  } catch (failure) {
    log.warn("claim not released; it expires by itself", { build, failure: String(failure) });
  }
}

class RetirementUnderWay extends Error {
  override readonly name = "RetirementUnderWay";

  constructor(build: BuildArn, until: Date | undefined) {
    const when = until ? ` after ${until.toISOString()}` : " later";
    super(`${build} is being retired or restored at this moment; try again${when}.`);
  }
}

/** Whether a stage is done in every region. */
export const isDone = (regions: Iterable<RetiredRegion>, stage: Stage): boolean =>
  [...regions].every(({ done }) => done !== undefined && stages.indexOf(done.stage) >= stages.indexOf(stage));

/** Whether retirement of a build is complete: its AMIs are deregistered in all regions. */
export const isGone = (retired: RetiredBuild | undefined): boolean =>
  retired?.retirement?.stage === "deregistered" &&
  retired.regions.size > 0 &&
  isDone(retired.regions.values(), "deregistered");
