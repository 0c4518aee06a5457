import { freshTarget, isBegun, isOpen, isUnderWay, type TargetRecord } from "../../core/rollout/records.ts";
import { moveRingAt, placeOf, returnRingAt } from "../../core/rollout/ring.ts";
import type { Going } from "./in-place.ts";
import { changeRing } from "./move-rings.ts";
import { FOLLOWS_CHANNEL } from "./return-group.ts";

/** The ring whose parameter a group's template resolves, if any. */
const ringOf = ({ how }: TargetRecord): string | undefined => (how?.mode === "parameter" ? how.ring : undefined);

/**
 * When a group that resolves a ring fails, AWS rolls nothing back: reverts the ring in its account and region, and
 * returns every group that followed it there. Groups that have not started there find the ring reverted.
 */
export async function returnFailedPlaces(running: Going): Promise<void> {
  const { image, channel, invocation, targets } = running;
  const all = await targets.list();
  for (const broken of all.filter(({ state, turned }) => state === "failed" && !turned)) {
    const ring = ringOf(broken);
    if (ring === undefined) continue;
    const beside = all.filter(
      (one) => one.account === broken.account && one.region === broken.region && ringOf(one) === ring && !one.turned,
    );
    // An intended refresh without a known id is found by the next turn.
    if (beside.some(({ intent }) => intent !== undefined)) continue;
    await changeRing({ image, channel, wave: ring }, invocation, (now) =>
      returnRingAt(now, [placeOf(broken.account, broken.region)]),
    );
    // The failed one comes last: until it is written, all are processed again.
    const others = beside.filter((one) => one !== broken && !isOpen(one));
    let isWritten = true;
    for (const one of [...others, broken]) {
      if (one === broken && !isWritten) break;
      const checkedAt = invocation.now.toISOString();
      const next = { ...one, state: "returning" as const, turned: true, checkedAt };
      isWritten = (await targets.put(one, next)) !== undefined && isWritten;
    }
  }
}

/** A user resumed the roll-out: failed groups, and those returned with them, are retried. */
export async function retryFailed({ image, channel, invocation, targets }: Going): Promise<void> {
  for (const target of await targets.list()) {
    if (isBegun(target) || !(target.failed || target.turned)) continue;
    const { account, region, group, wave, step: nth, size, revision } = target;
    const ring = ringOf(target);
    const places = [placeOf(account, region)];
    if (ring !== undefined)
      await changeRing({ image, channel, wave: ring }, invocation, (now) => moveRingAt(now, places));
    const next = { ...freshTarget, account, region, group, wave, step: nth, size, revision };
    await targets.put(target, next);
  }
}

/** @returns undefined where there is nothing to return, or it has begun */
export function returnTarget(target: TargetRecord, now: Date): TargetRecord | undefined {
  if (target.turned || target.state === "skipped") return undefined;
  const turned = { ...target, turned: true };
  if (isOpen(target) && target.intent === undefined) {
    return { ...turned, state: "skipped", why: "the roll-out was reverted" };
  }
  if (target.how?.mode === "parameter" && target.how.ring === undefined && target.intent === undefined) {
    const stays = target.state === "done" || isUnderWay(target);
    return stays ? { ...turned, why: FOLLOWS_CHANNEL } : turned;
  }
  return { ...turned, state: "returning", checkedAt: now.toISOString() };
}
