import { type RetiredRegion, recordRetiredRegion } from "../../../adapters/ledger/retirements.ts";
import type { RetirableAmi } from "../../../adapters/retire-image.ts";
import { entities, union } from "../../../core/launch-permission.ts";
import type { Stage } from "../../../core/retire/facts.ts";
import { artifactOf } from "../artifacts/artifact-of.ts";
import { retirableOf } from "../artifacts/retirable-of.ts";
import { marksOf } from "../share/marks.ts";
import type { Step } from "../step.ts";

/** EC2 takes a date to come only, and rounds it to the minute. */
const SOON_MS = 2 * 60_000;

export type ActedStage = Exclude<Stage, "condemned">;

/**
 * Takes a build one stage further in one region. What cannot be read from EC2 afterwards is written down before; an AMI
 * that is so already, or is gone, is done.
 * @returns false where that takes another day: a protection with a cooldown lasts
 */
export async function actInRegion(
  one: RetiredRegion,
  stage: ActedStage,
  step: Step<"PROMOTION_ARN">,
): Promise<boolean> {
  const retirable = retirableOf(one, step);
  const ami = await retirable.look();
  const done = (more: Partial<RetiredRegion> = {}) =>
    recordRetiredRegion(step.ledger, { ...one, ...more, done: { stage, at: step.now.toISOString() } });
  if (ami) {
    switch (stage) {
      case "deprecated":
        await done(await deprecate(one, ami, step));
        return true;
      case "withdrawn":
        await done(ami.state === "disabled" ? {} : await withdraw(one, step));
        return true;
      case "disabled":
        if (ami.state !== "disabled") await artifactOf(one, step).disable();
        break;
      case "deregistered": {
        if (ami.protected) await retirable.unprotect();
        // Nobody can read them afterwards, and without them the AMI does not come back from the Recycle Bin.
        const snapshots = ami.snapshots.map((snapshotId) => ({ snapshotId, result: "EC2's answer was lost" }));
        await recordRetiredRegion(step.ledger, { ...one, snapshots });
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

/** One that is deprecated by its date already stays as it is, and is not given back by us. */
async function deprecate(
  one: RetiredRegion,
  { deprecated, deprecatedFrom }: RetirableAmi,
  step: Step<"PROMOTION_ARN">,
): Promise<Partial<RetiredRegion>> {
  const { ledger, now } = step;
  if (deprecated) return {};
  const saved = { deprecatedBefore: one.deprecatedBefore ?? deprecatedFrom ?? "none" };
  await recordRetiredRegion(ledger, { ...one, ...saved });
  await retirableOf(one, step).deprecateFrom(new Date(now.getTime() + SOON_MS));
  return saved;
}

/** Nobody but the factory launches it from now on; its marks go, too. */
async function withdraw(one: RetiredRegion, step: Step<"PROMOTION_ARN">): Promise<Partial<RetiredRegion>> {
  const { build, region, amiId } = one;
  const artifact = artifactOf(one, step);
  const present = await artifact.readPermission();
  // An earlier try may have taken some of it already.
  const before = one.saved ?? { permission: present, marks: await marksOf(build, region, step) };
  const saved = { permission: union(before.permission, present), marks: before.marks };
  await recordRetiredRegion(step.ledger, { ...one, saved });
  await artifact.removePermission(present);
  for (const channel of saved.marks) await artifact.unmark(channel);
  const left = entities(await artifact.readPermission());
  if (left.length > 0) throw new StillShared(amiId, region, left);
  return { saved };
}

/** EC2 took the withdrawal and shows launch permissions still; it is tried again the next day. */
class StillShared extends Error {
  override readonly name = "StillShared";

  constructor(amiId: string, region: string, left: readonly string[]) {
    super(`${amiId} in ${region} is still shared with ${left.join(", ")} although EC2 took that away.`);
  }
}
