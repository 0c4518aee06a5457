import { recordGone } from "../../adapters/retirement/leftovers.ts";
import type { RetirableAmi } from "../../adapters/retirement/retire-image.ts";
import {
  findHold,
  findRetirement,
  type RetiredBuild,
  type RetiredRegion,
  type Retirement,
  recordRetiredRegion,
  recordRetirement,
} from "../../adapters/retirement/retirements.ts";
import type { Stage } from "../../core/retirement/facts.ts";
import { type Decision, isHeld, type RetirableBuild } from "../../core/retirement/plan-retirement.ts";
import { entities, union } from "../../core/share/launch-permission.ts";
import { inTurn } from "../in-turn.ts";
import type { Invocation } from "../invocation.ts";
import { artifactOf } from "../share/artifact-of.ts";
import { marksOf } from "../share/marks.ts";
import { claim, claimedUntil, claimOf, isDone, whileClaimed } from "./claim.ts";
import { retirableOf } from "./retirable-of.ts";
import { undoRetirement } from "./undo-retirement.ts";

/** EC2 accepts future dates only and rounds them to the minute. */
const SOON_MS = 2 * 60_000;

type ActedStage = Exclude<Stage, "condemned">;

/**
 * Takes a build to the next stage in one region. What EC2 cannot answer afterwards is recorded first. An AMI that is
 * already at the stage, or no longer exists, counts as done.
 * @returns false where a protection with a cooldown delays it to another day
 */
async function actInRegion(
  one: RetiredRegion,
  stage: ActedStage,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<boolean> {
  const retirable = retirableOf(one.region, one.amiId, invocation);
  const ami = await retirable.describe();
  const done = (more: Partial<RetiredRegion> = {}) =>
    recordRetiredRegion(invocation.ledger, { ...one, ...more, done: { stage, at: invocation.now.toISOString() } });
  if (ami) {
    switch (stage) {
      case "deprecated":
        await done(await deprecate(one, ami, invocation));
        return true;
      case "withdrawn":
        await done(ami.state === "disabled" ? {} : await unshare(one, invocation));
        return true;
      case "disabled":
        if (ami.state !== "disabled") await artifactOf(one.region, one.amiId, invocation).disable();
        break;
      case "deregistered": {
        if (ami.protected) await retirable.unprotect();
        // Not readable afterwards, and required to restore the AMI from the Recycle Bin.
        const snapshots = ami.snapshots.map((snapshotId) => ({ snapshotId, result: "EC2's answer was lost" }));
        await recordRetiredRegion(invocation.ledger, { ...one, snapshots });
        const outcome = await retirable.deregister();
        if (outcome.kind === "protected") return false;
        await done({ snapshots: outcome.snapshots.length > 0 ? outcome.snapshots : snapshots });
        return true;
      }
    }
  }
  await done();
  return true;
}

/** An AMI whose own date has deprecated it stays as it is, and a restore leaves that date. */
async function deprecate(
  one: RetiredRegion,
  { deprecated, deprecatedFrom }: RetirableAmi,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<Partial<RetiredRegion>> {
  const { ledger, now } = invocation;
  if (deprecated) return {};
  const saved = { deprecatedBefore: one.deprecatedBefore ?? deprecatedFrom ?? "none" };
  await recordRetiredRegion(ledger, { ...one, ...saved });
  await retirableOf(one.region, one.amiId, invocation).deprecateFrom(new Date(now.getTime() + SOON_MS));
  return saved;
}

/** Removes launch permissions and marks: only the factory's account can launch the AMI. */
async function unshare(one: RetiredRegion, invocation: Invocation<"PROMOTION_ARN">): Promise<Partial<RetiredRegion>> {
  const { build, region, amiId } = one;
  const handle = artifactOf(region, amiId, invocation);
  const present = await handle.readPermission();
  // An earlier try may have removed some of it.
  const before = one.saved ?? { permission: present, marks: await marksOf(build, region, invocation) };
  const saved = { permission: union(before.permission, present), marks: before.marks };
  await recordRetiredRegion(invocation.ledger, { ...one, saved });
  await handle.removePermission(present);
  for (const channel of saved.marks) await handle.unmark(build, channel);
  const left = entities(await handle.readPermission());
  if (left.length > 0) throw new StillShared(amiId, region, left);
  return { saved };
}

/** EC2 accepted the change and still lists launch permissions; retried the next day. */
class StillShared extends Error {
  override readonly name = "StillShared";

  constructor(artifact: string, region: string, left: readonly string[]) {
    super(
      `${artifact} in ${region} is still shared with ${left.join(", ")} although EC2 accepted their removal; the next daily run removes them again.`,
    );
  }
}

const stageOf: Readonly<Partial<Record<Decision["does"], Stage>>> = {
  deprecate: "deprecated",
  condemn: "condemned",
  withdraw: "withdrawn",
  disable: "disabled",
  deregister: "deregistered",
};

/**
 * Carries out the decision about a build in each of its regions in turn, under an exclusive claim. The stage is
 * recorded first; after a crash the next run finds the stage begun and completes the missing regions.
 * @returns how many regions changed; 0 where another function changed or claimed the build
 */
export async function carryOutRetirement(
  decision: Decision,
  facts: RetirableBuild,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<number> {
  const { ledger } = invocation;
  const { build, does } = decision;
  const { retirement: before, regions } = await findRetirement(ledger, build);
  if (before?.revision !== facts.revision || (before && claimedUntil(before, invocation))) return 0;
  if (does === "give-back") return before ? giveBack({ retirement: before, regions }, invocation) : 0;
  const stage = stageOf[does];
  // A hold may have been placed since the plan was made.
  if (!stage || isHeld(await findHold(ledger, build), invocation.now)) return 0;
  if (!(await begin(decision, stage, before, invocation))) return 0;
  return whileClaimed(build, invocation, async () => {
    if (stage !== "condemned") return actEverywhere({ decision, facts, stage }, regions, invocation);
    await recordGone(ledger, build, `it is being retired: ${decision.reasons.join("; ")}`, invocation.now);
    return 1;
  });
}

async function giveBack(
  { retirement, regions }: RetiredBuild & { readonly retirement: Retirement },
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<number> {
  const claimed = await claim(retirement, invocation);
  if (!claimed) return 0;
  return whileClaimed(claimed.build, invocation, async () => {
    const taken = await undoRetirement({ retirement: claimed, regions }, "shared", invocation);
    return taken.length;
  });
}

/** Records that this invocation begins or resumes a stage. */
function begin(
  { image, build, reasons }: Decision,
  stage: Stage,
  before: Retirement | undefined,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<Retirement | undefined> {
  const { givenBackAt, told } = before ?? {};
  const at = before?.stage === stage ? before.at : invocation.now.toISOString();
  const why = before?.stage === stage ? before.why : reasons;
  const begun = { image, build, stage, at, why, givenBackAt, told, claim: claimOf(invocation) };
  return recordRetirement(invocation.ledger, begun, before);
}

interface Acting {
  readonly decision: Decision;
  readonly facts: RetirableBuild;
  readonly stage: ActedStage;
}

function actEverywhere(
  { decision, facts, stage }: Acting,
  known: ReadonlyMap<string, RetiredRegion>,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<number> {
  const { ledger } = invocation;
  const { build, proof } = decision;
  const acts = facts.regions.map(({ region, artifact }) => [
    `${stage} ${artifact} in ${region}`,
    async () => {
      const before = known.get(region) ?? { build, region, amiId: artifact, proofs: {} };
      if (isDone([before], stage)) return 0;
      // A hold may have been placed since the previous region.
      if (isHeld(await findHold(ledger, build), invocation.now)) return 0;
      const seen = proof.find((one) => one.region === region);
      const one: RetiredRegion = { ...before, ...(seen && { proofs: { ...before.proofs, [stage]: seen } }) };
      await recordRetiredRegion(ledger, one);
      return (await actInRegion(one, stage, invocation)) ? 1 : 0;
    },
  ]);
  return inTurn(Object.fromEntries(acts));
}
