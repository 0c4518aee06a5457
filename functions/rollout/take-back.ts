import { listTargets, putTarget } from "../../adapters/rollout/rollouts.ts";
import { freshTarget, isBegun, isOpen, isUnderWay, type TargetRecord } from "../../core/rollout/records.ts";
import { moveRingAt, placeOf, takeRingBackAt } from "../../core/rollout/ring.ts";
import type { Going } from "./in-place.ts";
import { changeRing } from "./move-rings.ts";
import { FOLLOWS_CHANNEL } from "./return-group.ts";

/** What a group's template resolves, where that is a ring's parameter. */
const ringOf = ({ how }: TargetRecord): string | undefined => (how?.mode === "parameter" ? how.ring : undefined);

/**
 * Where a group that resolves a ring failed, AWS takes nothing back: the ring of its account and region goes back, and
 * every group that followed it there. What has not begun there finds the ring so.
 */
export async function takeFailedPlacesBack(running: Going): Promise<void> {
  const { image, channel, record, step } = running;
  const of = { image, channel, rollout: record.id };
  const all = await listTargets(step.ledger, of);
  for (const failed of all.filter(({ state, turned }) => state === "failed" && !turned)) {
    const ring = ringOf(failed);
    if (ring === undefined) continue;
    const beside = all.filter(
      (one) => one.account === failed.account && one.region === failed.region && ringOf(one) === ring && !one.turned,
    );
    // What was asked for, and nobody knows of yet, is found by the next turn.
    if (beside.some(({ intent }) => intent !== undefined)) continue;
    await changeRing({ image, channel, wave: ring }, step, (now) =>
      takeRingBackAt(now, [placeOf(failed.account, failed.region)]),
    );
    // The one that failed at the end: as long as it is not written, all are gone through again.
    const others = beside.filter((one) => one !== failed && !isOpen(one));
    let isWritten = true;
    for (const one of [...others, failed]) {
      if (one === failed && !isWritten) break;
      const checkedAt = step.now.toISOString();
      const next = { ...one, state: "returning" as const, turned: true, checkedAt };
      isWritten = (await putTarget(step.ledger, of, one, { next, now: step.now })) !== undefined && isWritten;
    }
  }
}

/** A person looked after the cause: what failed, and what was taken back with it, has another turn. */
export async function letTryAgain({ image, channel, record, step }: Going): Promise<void> {
  const of = { image, channel, rollout: record.id };
  for (const target of await listTargets(step.ledger, of)) {
    if (isBegun(target) || !(target.failed || target.turned)) continue;
    const { account, region, group, wave, step: nth, size, revision } = target;
    const ring = ringOf(target);
    const places = [placeOf(account, region)];
    if (ring !== undefined) await changeRing({ ...of, wave: ring }, step, (now) => moveRingAt(now, places));
    const next = { ...freshTarget, account, region, group, wave, step: nth, size, revision };
    await putTarget(step.ledger, of, target, { next, now: step.now });
  }
}

/** @returns undefined where there is nothing to take back, or it was begun before */
export function turnBack(target: TargetRecord, now: Date): TargetRecord | undefined {
  if (target.turned || target.state === "skipped") return undefined;
  const turned = { ...target, turned: true };
  if (isOpen(target) && target.intent === undefined) {
    return { ...turned, state: "skipped", why: "the roll-out was taken back" };
  }
  if (target.how?.mode === "parameter" && target.how.ring === undefined && target.intent === undefined) {
    const stays = target.state === "done" || isUnderWay(target);
    return stays ? { ...turned, why: FOLLOWS_CHANNEL } : turned;
  }
  return { ...turned, state: "returning", checkedAt: now.toISOString() };
}
