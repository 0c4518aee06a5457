import { findChannel } from "../../adapters/channel/channels.ts";
import { findRevocation, requirePromotable } from "../../adapters/revocation/revocations.ts";
import { findRollout, listTargets, putTarget } from "../../adapters/rollout/rollouts.ts";
import { judgeStep, sayTarget } from "../../core/rollout/judge-step.ts";
import { openingAt } from "../../core/rollout/opening.ts";
import { freshTarget, hasEnded, isOpen, isUnderWay, nameOf, type TargetRecord } from "../../core/rollout/records.ts";
import { placeOf, takeRingBackAt } from "../../core/rollout/ring.ts";
import { heldProver } from "../channel/put-copy.ts";
import { inAccounts } from "../share/in-accounts.ts";
import { actInPlace, cancelInPlace, MOST_AT_A_PLACE } from "./act-in-place.ts";
import { type AfterTurn, change, END, finish, halt, tellOnce, wait } from "./end-roll-out.ts";
import type { Going, Running } from "./in-place.ts";
import { listGroups } from "./list-groups.ts";
import { listStep } from "./list-step.ts";
import { changeRing, takeRingsBack } from "./move-rings.ts";
import { type ChannelOf, policyOf } from "./open-roll-out.ts";

type Turning = Going["step"];

/** EC2 Auto Scaling shares one rate among all calls of an account and region, and sends events: fact enough to be patient. */
const POLL_SECONDS = 60;
const MOST_WAIT_SECONDS = 3600;
/** Owners' brakes are looked at so often. */
const HELD_SECONDS = 15 * 60;
/** Groups that their owners hold are waited for so long after everything else is done. */
const PATIENCE_MS = 14 * 86_400_000;

/** Takes a roll-out as far as it goes now. Any turn can be taken twice, or die anywhere, and is taken again. */
export async function takeTurn(at: ChannelOf, id: string, step: Turning): Promise<AfterTurn> {
  const { ledger, settings } = step;
  const record = await findRollout(ledger, at);
  if (!record || record.id !== id) return END;
  const policy = policyOf(settings, at);
  if (hasEnded(record)) return tellOnce({ ...at, record, step });
  if (!policy) return finish({ ...at, record, step }, "superseded", "the config has no rollout for the channel");
  const running = { ...at, record, policy, step, prove: heldProver(step) };
  if (record.state === "returning") return goBack(running);
  if (record.state === "halted") {
    await progress(running, { open: false });
    await tellOnce(running);
    return (await listTargets(ledger, { ...at, rollout: id })).some(isUnderWay) ? wait(POLL_SECONDS) : END;
  }
  if (await findRevocation(ledger, record.build)) return yieldRollout(running, "its build was revoked", cancelInPlace);
  const pointed = await findChannel(ledger, at.image, at.channel);
  if (pointed?.movedAt !== record.movedAt || pointed.build !== record.build) {
    return yieldRollout(running, pointed ? "the channel moved on to another build" : "the channel points at nothing");
  }
  try {
    await requirePromotable(ledger, record.build);
  } catch (failure) {
    return halt(running, failure instanceof Error ? failure.message : String(failure));
  }
  return goOn(running);
}

async function goOn(running: Going): Promise<AfterTurn> {
  const { record, policy, step, image } = running;
  if (record.resumed) {
    await letTryAgain(running);
    const resumed = await change(running, { resumed: false });
    return resumed ? goOn({ ...running, record: resumed }) : wait(1);
  }
  const opening =
    record.kind === "fast"
      ? ({ open: true } as const)
      : openingAt(policy, step.settings.factory.blackouts, image, step.now);
  const current = record.steps[record.index];
  if (!current) return awaitHeld(running, opening);
  if (!current.startedAt) {
    if (!opening.open) return waitFor(running, opening);
    await listStep(running);
    const steps = record.steps.map((one) => (one === current ? { ...one, startedAt: step.now.toISOString() } : one));
    const begun = await change(running, { steps, why: undefined });
    return begun ? goOn({ ...running, record: begun }) : wait(1);
  }
  await progress(running, opening);
  const targets = await ofStep(running);
  await takeFailedPlacesBack(running, targets);
  const after = await ofStep(running);
  const verdict = judgeStep(after, current, policy);
  if (verdict.kind === "halt") return halt(running, verdict.why);
  if (verdict.kind === "finished") return nextStep(running);
  const isWaiting = !after.some(isUnderWay) && !opening.open;
  if (verdict.kind === "held") return hold(running, verdict.why);
  return isWaiting ? waitFor(running, opening) : wait(POLL_SECONDS);
}

const ofStep = async ({ image, channel, record, step }: Going): Promise<TargetRecord[]> =>
  (await listTargets(step.ledger, { image, channel, rollout: record.id })).filter((one) => one.step === record.index);

async function waitFor(
  running: Going,
  opening: { readonly why: string; readonly until: Date | undefined },
): Promise<AfterTurn> {
  const { step } = running;
  await change(running, { why: opening.why });
  const seconds = opening.until ? (opening.until.getTime() - step.now.getTime()) / 1000 : MOST_WAIT_SECONDS;
  return wait(Math.min(seconds, MOST_WAIT_SECONDS));
}

/** Owners' brakes are looked at each quarter of an hour; a roll-out that has waited for long enough goes on without them. */
async function hold(running: Going, why: string): Promise<AfterTurn> {
  const { record, step } = running;
  const since = Date.parse(record.steps[record.index]?.startedAt ?? record.startedAt);
  if (step.now.getTime() - since > PATIENCE_MS) return halt(running, `nothing could be replaced for two weeks: ${why}`);
  await change(running, { why });
  return wait(HELD_SECONDS);
}

/** Follows what is under way and, while it is open, starts what may start. */
async function progress(running: Running, { open }: { readonly open: boolean }): Promise<void> {
  const { record, step, image, channel } = running;
  const all = await listTargets(step.ledger, { image, channel, rollout: record.id });
  const isFirst = record.steps[record.index]?.first === true;
  if (isFirst && open && !all.some(isUnderWay)) {
    // One after the other, until one is really replaced.
    for (const target of await inOrder(running, all)) {
      await actInPlace(running, [target], { open, most: 1 });
      const after = (await listTargets(step.ledger, { image, channel, rollout: record.id })).find(
        (one) => nameOf(one) === nameOf(target),
      );
      if (after && (isUnderWay(after) || after.intent || isReplaced(after) || after.failed)) return;
    }
    return;
  }
  const some = all.filter((target) => isUnderWay(target) || (target.step <= record.index && !isFirst));
  const places = [...Map.groupBy(some, placeKey).values()];
  await inAccounts(places, (targets) => actInPlace(running, targets, { open, most: MOST_AT_A_PLACE }));
}

const placeKey = ({ account, region }: TargetRecord): string => placeOf(account, region);
const isReplaced = ({ state, refresh }: TargetRecord): boolean => state === "done" && refresh !== undefined;

/** The first wave's groups as they were listed: the smallest first. */
async function inOrder(running: Running, all: readonly TargetRecord[]): Promise<TargetRecord[]> {
  const { record, step } = running;
  const own = all.filter((one) => one.step === record.index);
  if (own.some((one) => isReplaced(one) || one.failed)) return [];
  const intended = own.filter(({ intent }) => intent !== undefined);
  if (intended.length > 0) return intended;
  const order = (await listGroups(running, step)).groups.map(({ group }) => nameOf({ ...group, group: group.name }));
  return own
    .filter(({ state }) => state === "pending" || state === "held")
    .toSorted((a, b) => order.indexOf(nameOf(a)) - order.indexOf(nameOf(b)));
}

/** Where a group that resolves a ring failed, the ring of its account and region goes back, and who followed it there. */
async function takeFailedPlacesBack(running: Going, targets: readonly TargetRecord[]): Promise<void> {
  const { image, channel, record, step } = running;
  const failed = targets.filter(({ state, how, turned }) => state === "failed" && how?.mode === "parameter" && !turned);
  for (const one of failed) {
    const ring = one.how?.mode === "parameter" ? one.how.ring : undefined;
    if (ring === undefined) continue;
    const place = placeKey(one);
    await changeRing({ image, channel, wave: ring }, step, (now) => takeRingBackAt(now, [place]));
    const all = await listTargets(step.ledger, { image, channel, rollout: record.id });
    for (const target of all.filter((other) => placeKey(other) === place && other.wave === ring)) {
      const next = isOpen(target)
        ? { ...target, ...takenBackWith(one) }
        : { ...target, state: "returning" as const, turned: true };
      await putTarget(step.ledger, { image, channel, rollout: record.id }, target, { next, now: step.now });
    }
  }
}

const takenBackWith = ({ group }: TargetRecord) =>
  ({ state: "skipped", turned: true, why: `its parameter was taken back because ${group} failed` }) as const;

async function nextStep(running: Going): Promise<AfterTurn> {
  const { record, step } = running;
  const steps = record.steps.map((one, n) => (n === record.index ? { ...one, endedAt: step.now.toISOString() } : one));
  const next = await change(running, { steps, index: record.index + 1, why: undefined });
  if (!next) return wait(1);
  return goOn({ ...running, record: next });
}

/** Every wave is over. Groups that their owners hold have their turn until the patience with them ends. */
async function awaitHeld(running: Going, opening: ReturnType<typeof openingAt>): Promise<AfterTurn> {
  const { image, channel, record, policy, step } = running;
  await progress(running, opening);
  const of = { image, channel, rollout: record.id };
  await takeFailedPlacesBack(running, await listTargets(step.ledger, of));
  const targets = await listTargets(step.ledger, of);
  const verdict = judgeStep(targets, { first: false }, policy);
  if (verdict.kind === "halt") return halt(running, verdict.why);
  if (verdict.kind === "going") return opening.open ? wait(POLL_SECONDS) : waitFor(running, opening);
  const held = targets.filter(({ state }) => state === "held");
  const over = Date.parse(record.steps.at(-1)?.endedAt ?? record.startedAt) + PATIENCE_MS;
  if (held.length === 0 || step.now.getTime() > over) return finish(running, "done");
  await change(running, { why: `${held.length} held, such as ${sayTarget(held[0])}` });
  return wait(HELD_SECONDS);
}

/** Takes every group back that the roll-out reached. */
async function goBack(running: Going): Promise<AfterTurn> {
  const { image, channel, record, step } = running;
  const of = { image, channel, rollout: record.id };
  // Rings first, so that no instance that is launched meanwhile starts from the build.
  await takeRingsBack(running, record.id, step);
  for (const target of await listTargets(step.ledger, of)) {
    const next = turnBack(target);
    if (next) await putTarget(step.ledger, of, target, { next, now: step.now });
  }
  await progress(running, { open: false });
  const targets = await listTargets(step.ledger, of);
  return targets.some(isUnderWay) ? wait(POLL_SECONDS) : finish(running, "returned", record.why);
}

/** A person looked after the cause: what failed, and what was taken back with it, has another turn. */
async function letTryAgain({ image, channel, record, step }: Going): Promise<void> {
  const of = { image, channel, rollout: record.id };
  for (const target of await listTargets(step.ledger, of)) {
    if (isUnderWay(target) || !(target.failed || target.turned)) continue;
    const { account, region, group, wave, step: nth, revision } = target;
    const next = { ...freshTarget, account, region, group, wave, step: nth, revision };
    await putTarget(step.ledger, of, target, { next, now: step.now });
  }
}

/** @returns undefined where there is nothing to take back, or it was begun before */
function turnBack(target: TargetRecord): TargetRecord | undefined {
  if (target.turned || target.state === "skipped") return undefined;
  if (isOpen(target) && target.intent === undefined) {
    return { ...target, state: "skipped", turned: true, why: "the roll-out was taken back" };
  }
  return { ...target, state: "returning", turned: true };
}

/** The roll-out makes way: what is under way ends, or is ended, and the next one begins. */
async function yieldRollout(running: Going, why: string, stop?: typeof cancelInPlace): Promise<AfterTurn> {
  const { image, channel, record, step } = running;
  if (!stop) await progress(running, { open: false });
  const under = (await listTargets(step.ledger, { image, channel, rollout: record.id })).filter(isUnderWay);
  if (!stop && under.length > 0) return wait(POLL_SECONDS);
  if (stop) await inAccounts([...Map.groupBy(under, placeKey).values()], (targets) => stop(running, targets));
  await finish(running, "superseded", why);
  return { next: "open" };
}
