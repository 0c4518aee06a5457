import {
  findRetirement,
  type RetiredBuild,
  type RetiredRegion,
  type Retirement,
  recordRetirement,
} from "../../adapters/retirement/retirements.ts";
import { type Stage, stages } from "../../core/retirement/facts.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Step } from "../step.ts";

type Claiming = Pick<Step, "ledger" | "now" | "requestId" | "log">;

/** No function runs for longer: whoever claimed a build before that does nothing more with it. */
const LONGEST_RUN_MS = 15 * 60_000;

const BETWEEN_MS = 2_000;

const MOST_LOOKS = 30;

/** The claim of this invocation; the same one for all tries of it. */
export const claimOf = ({ requestId, now }: Claiming): Retirement["claim"] => ({
  by: requestId,
  at: now.toISOString(),
});

/** Until when at most somebody else acts upon a build's AMIs; undefined: nobody does. */
export function claimedUntil({ claim }: Retirement, { requestId, now }: Claiming): Date | undefined {
  if (!claim || claim.by === requestId) return undefined;
  const until = Date.parse(claim.at) + LONGEST_RUN_MS;
  return until > now.getTime() ? new Date(until) : undefined;
}

/**
 * Claims a build as it was read for this invocation.
 * @returns undefined where somebody else acts upon it, or wrote it meanwhile
 */
export async function claim(retirement: Retirement, step: Claiming): Promise<Retirement | undefined> {
  if (claimedUntil(retirement, step)) return undefined;
  return recordRetirement(step.ledger, { ...retirement, claim: claimOf(step) }, retirement);
}

/** Does something with a build that this invocation claimed. Others' turn comes after, also where it fails. */
export async function whileClaimed<Done>(build: BuildArn, step: Claiming, act: () => Promise<Done>): Promise<Done> {
  try {
    return await act();
  } finally {
    await release(build, step);
  }
}

/**
 * Does something with a build while retirement does nothing with it: it waits for the daily run to have done with the
 * build, which takes seconds.
 * @throws RetirementUnderWay
 */
export async function whileNotRetired<Done>(
  build: BuildArn,
  step: Claiming & Pick<Step, "wait">,
  act: () => Promise<Done>,
): Promise<Done> {
  for (let looks = 1; ; looks++) {
    const { retirement } = await findRetirement(step.ledger, build);
    if (!retirement) return act();
    if (await claim(retirement, step)) return whileClaimed(build, step, act);
    if (looks === MOST_LOOKS) throw new RetirementUnderWay(build, claimedUntil(retirement, step));
    await step.wait(BETWEEN_MS);
  }
}

async function release(build: BuildArn, { ledger, requestId, log }: Claiming): Promise<void> {
  try {
    const { retirement } = await findRetirement(ledger, build);
    if (retirement?.claim?.by !== requestId) return;
    const { claim: _, ...released } = retirement;
    await recordRetirement(ledger, released, retirement);
  } catch (failure) {
    log.warn("a claim is left to lapse", { build, failure: String(failure) });
  }
}

class RetirementUnderWay extends Error {
  override readonly name = "RetirementUnderWay";

  constructor(build: BuildArn, until: Date | undefined) {
    const when = until ? ` after ${until.toISOString()}, when that has ended in any case` : "";
    super(`Nothing was done with ${build}: it is being retired or given back at this moment. Ask again${when}.`);
  }
}

/** Whether a stage is done in every region. */
export const isDone = (regions: Iterable<RetiredRegion>, stage: Stage): boolean =>
  [...regions].every(({ done }) => done !== undefined && stages.indexOf(done.stage) >= stages.indexOf(stage));

/** Whether retirement is through with a build: its AMIs are deregistered in all regions. */
export const isGone = (retired: RetiredBuild | undefined): boolean =>
  retired?.retirement?.stage === "deregistered" &&
  retired.regions.size > 0 &&
  isDone(retired.regions.values(), "deregistered");
