import type { ChannelRecord } from "../../adapters/channel/channels.ts";
import { combineReads, type LedgerRead, lazyRead, read } from "../../adapters/ledger/reads.ts";
import { promotable, type Revocation, revocationOf } from "../../adapters/revocation/revocations.ts";
import { judgeStep, pollSeconds, sayTarget } from "../../core/rollout/judge-step.ts";
import { openingAt } from "../../core/rollout/opening.ts";
import { hasEnded, isBegun, nameOf, type RolloutRecord, type TargetRecord } from "../../core/rollout/records.ts";
import { placeOf } from "../../core/rollout/ring.ts";
import type { BuildArn } from "../../events/ids.ts";
import { heldProver } from "../channel/put-copy.ts";
import { inAccounts } from "../share/in-accounts.ts";
import { actInPlace, cancelInPlace, isDue, MOST_AT_A_PLACE } from "./act-in-place.ts";
import { type AfterTurn, change, END, finish, halt, OPEN, publishOnce, wait } from "./end-roll-out.ts";
import type { Going, Running } from "./in-place.ts";
import { ALL, listStep } from "./list-step.ts";
import { returnRings, writeRingsOf } from "./move-rings.ts";
import { type ChannelOf, policyOf } from "./open-roll-out.ts";
import { retryFailed, returnFailedPlaces, returnTarget } from "./return-places.ts";
import { targetsOf } from "./targets.ts";

type Turning = Going["invocation"];

/** How often a superseded roll-out is continued: its build may be revoked, and only its turns cancel its refreshes. */
const YIELDING_SECONDS = 60;
const MOST_WAIT_SECONDS = 3600;
/** How often groups that are held by their owners are checked. */
const HELD_SECONDS = 15 * 60;
/** How long held groups are awaited after everything else is done. */
const PATIENCE_MS = 14 * 86_400_000;

/** Errors of the build itself; any other error is a failed call. */
const UNUSABLE: ReadonlySet<string> = new Set(["GateNotPassed", "BuildRevoked", "BuildRetired"]);

/** What the ledger has when a turn begins. */
interface Begun {
  readonly record: RolloutRecord;
  readonly pointed: ChannelRecord | undefined;
  /** Default: it is read. */
  readonly usable?: Usable | undefined;
}

/** Whether the build of a roll-out may still be launched. */
interface Usable {
  readonly revoked: Revocation | undefined;
  /** @throws GateNotPassed */
  readonly requireGate: () => void;
  /** @throws BuildRetired */
  readonly requirePresent: () => void;
}

export function usableOf(build: BuildArn): LedgerRead<Usable> {
  const [gate, , present] = promotable(build);
  const required = combineReads(lazyRead(gate), lazyRead(present), (requireGate, requirePresent) => ({
    requireGate,
    requirePresent,
  }));
  return combineReads(revocationOf(build), required, (revoked, rest) => ({ revoked, ...rest }));
}

/** Takes a roll-out as far as possible now. A turn can be repeated, and can crash at any point. */
export async function takeTurn(
  at: ChannelOf,
  { record, pointed, usable }: Begun,
  invocation: Turning,
): Promise<AfterTurn> {
  const { ledger, settings } = invocation;
  const policy = policyOf(settings, at);
  if (hasEnded(record)) {
    await publishOnce({ ...at, record, invocation });
    return OPEN;
  }
  if (!policy) return finish({ ...at, record, invocation }, "superseded", "the config has no rollout for the channel");
  const targets = targetsOf({ ...at, rollout: record.id }, invocation);
  const running = { ...at, record, policy, invocation, prove: heldProver(invocation), targets };
  if (record.state === "returning") return goBack(running);
  if (record.state === "halted") {
    await progress(running, { open: false });
    await returnFailedPlaces(running);
    await publishOnce(running);
    const all = await targets.list();
    return all.some(isBegun) ? wait(pollSeconds(all)) : END;
  }
  const { revoked, requireGate, requirePresent } = usable ?? (await read(ledger, usableOf(record.build)));
  if (revoked) return yieldRollout(running, "its build was revoked", cancelInPlace);
  if (pointed?.movedAt !== record.movedAt || pointed.build !== record.build) {
    return yieldRollout(running, pointed ? "the channel moved to another build" : "the channel points at nothing");
  }
  try {
    requireGate();
    requirePresent();
  } catch (failure) {
    if (!(failure instanceof Error && UNUSABLE.has(failure.name))) throw failure;
    return halt(running, failure.message);
  }
  return goOn(running);
}

async function goOn(running: Going): Promise<AfterTurn> {
  const { record, policy, invocation, image } = running;
  if (record.resumed) {
    await retryFailed(running);
    const resumed = await change(running, { resumed: false });
    return resumed ? goOn({ ...running, record: resumed }) : wait(1);
  }
  const opening =
    record.kind === "fast"
      ? ({ open: true } as const)
      : openingAt(policy, invocation.settings.factory.blackouts, image, invocation.now);
  const current = record.steps[record.index];
  if (!current) return awaitHeld(running, opening);
  if (!current.startedAt) {
    if (!opening.open) return waitFor(running, opening);
    await listStep(running);
    const steps = record.steps.map((one) =>
      one === current ? { ...one, startedAt: invocation.now.toISOString() } : one,
    );
    const begun = await change(running, { steps, why: undefined });
    return begun ? goOn({ ...running, record: begun }) : wait(1);
  }
  const targets = await seeTo(running, opening.open);
  const why = whyHalt(running, targets);
  if (why !== undefined) return halt(running, why);
  const own = targets.filter((one) => one.step === record.index);
  const isProven = targets.some(({ state, wave }) => state === "done" && current.waves.includes(wave));
  const verdict = judgeStep(own, { ...current, isProven }, policy);
  // Nothing after the last step would have to wait for it.
  const isLast = record.index === record.steps.length - 1;
  if (verdict.kind === "finished" || (verdict.kind === "held" && isLast)) return nextStep(running);
  if (verdict.kind === "held") return hold(running, verdict.why);
  if (!own.some(isBegun) && !opening.open) return waitFor(running, opening);
  await change(running, { why: undefined });
  return wait(pollSeconds(targets));
}

/** Continues every group of the steps so far. @returns their states afterwards */
async function seeTo(running: Going, open: boolean): Promise<readonly TargetRecord[]> {
  const { invocation, targets } = running;
  const unlisted = (await targets.list()).filter(({ group, state }) => group === ALL && state === "held");
  if (unlisted.some((one) => isDue(one, invocation.now))) await listStep(running, true);
  await progress(running, { open });
  await returnFailedPlaces(running);
  return targets.list();
}

/** Checks finished steps, too: their held groups run later. */
function whyHalt({ record, policy }: Going, targets: readonly TargetRecord[]): string | undefined {
  for (const [n, one] of record.steps.slice(0, record.index + 1).entries()) {
    const verdict = judgeStep(
      targets.filter((target) => target.step === n),
      one,
      policy,
    );
    if (verdict.kind === "halt") return verdict.why;
  }
  return undefined;
}

async function waitFor(
  running: Going,
  opening: { readonly why: string; readonly until: Date | undefined },
): Promise<AfterTurn> {
  const { invocation } = running;
  await change(running, { why: opening.why });
  const seconds = opening.until ? (opening.until.getTime() - invocation.now.getTime()) / 1000 : MOST_WAIT_SECONDS;
  return wait(Math.min(seconds, MOST_WAIT_SECONDS));
}

/** Checks held groups every quarter of an hour; halts the roll-out after two weeks. */
async function hold(running: Going, why: string): Promise<AfterTurn> {
  const { record, invocation } = running;
  const since = Date.parse(record.steps[record.index]?.startedAt ?? record.startedAt);
  if (invocation.now.getTime() - since > PATIENCE_MS)
    return halt(running, `nothing could be replaced for two weeks: ${why}`);
  await change(running, { why });
  return wait(HELD_SECONDS);
}

/** Follows running refreshes and, while open, starts groups that may start. */
async function progress(running: Running, { open }: { readonly open: boolean }): Promise<void> {
  const { record, targets } = running;
  const all = await targets.list();
  const isFirst = record.steps[record.index]?.first === true;
  if (isFirst && open && !all.some(isBegun)) {
    // One at a time, until one has really been replaced.
    for (const target of inOrder(running, all)) {
      await actInPlace(running, [target], { open, most: 1 });
      const after = (await targets.list()).find((one) => nameOf(one) === nameOf(target));
      if (after && (isBegun(after) || isReplaced(after) || after.failed)) return;
    }
    return;
  }
  const some = all.filter((target) => isBegun(target) || (target.step <= record.index && !isFirst));
  const places = [...Map.groupBy(some, placeKey).values()];
  await inAccounts(places, (some) => actInPlace(running, some, { open, most: MOST_AT_A_PLACE }));
}

const placeKey = ({ account, region }: TargetRecord): string => placeOf(account, region);
const isReplaced = ({ state, refresh }: TargetRecord): boolean => state === "done" && refresh !== undefined;

/** The first wave's groups, smallest first. */
function inOrder({ record }: Running, all: readonly TargetRecord[]): TargetRecord[] {
  const own = all.filter((one) => one.step === record.index);
  if (own.some((one) => isReplaced(one) || one.failed)) return [];
  return own.filter(({ state }) => state === "pending" || state === "held").toSorted(compare);
}

/** Empty groups prove nothing, and come last. */
const compare = (a: TargetRecord, b: TargetRecord): number =>
  (a.size || Number.POSITIVE_INFINITY) - (b.size || Number.POSITIVE_INFINITY) || (nameOf(a) < nameOf(b) ? -1 : 1);

async function nextStep(running: Going): Promise<AfterTurn> {
  const { record, invocation } = running;
  const steps = record.steps.map((one, n) =>
    n === record.index ? { ...one, endedAt: invocation.now.toISOString() } : one,
  );
  const next = await change(running, { steps, index: record.index + 1, why: undefined });
  if (!next) return wait(1);
  return goOn({ ...running, record: next });
}

/** Every wave has ended. Held groups may still start within PATIENCE_MS. */
async function awaitHeld(running: Going, opening: ReturnType<typeof openingAt>): Promise<AfterTurn> {
  const { record, invocation } = running;
  const targets = await seeTo(running, opening.open);
  const why = whyHalt(running, targets);
  if (why !== undefined) return halt(running, why);
  if (targets.some((one) => one.state === "pending" || isBegun(one))) {
    return opening.open || targets.some(isBegun) ? wait(pollSeconds(targets)) : waitFor(running, opening);
  }
  const held = targets.filter(({ state }) => state === "held");
  const over = Date.parse(record.steps.at(-1)?.endedAt ?? record.startedAt) + PATIENCE_MS;
  if (held.length === 0 || invocation.now.getTime() > over) return finish(running, "done");
  await change(running, { why: `${held.length} held, such as ${sayTarget(held[0])}` });
  return wait(HELD_SECONDS);
}

/** Returns every group that the roll-out reached. */
async function goBack(running: Going): Promise<AfterTurn> {
  const { record, invocation, targets } = running;
  // Rings first, so that instances launched meanwhile do not start from the build.
  await returnRings(running, record.id, invocation);
  for (const target of await targets.list()) {
    const next = returnTarget(target, invocation.now);
    if (next) await targets.put(target, next);
  }
  await progress(running, { open: false });
  const all = await targets.list();
  if (all.some(isBegun)) return wait(pollSeconds(all));
  // Again: after a crash right after the ring changes, their copies were not requested.
  await writeRingsOf(running, record.id, invocation);
  return finish(running, "returned", record.why);
}

/** Ends a roll-out in favor of the next: running refreshes finish, or are cancelled. */
async function yieldRollout(running: Going, why: string, stop?: typeof cancelInPlace): Promise<AfterTurn> {
  const { targets } = running;
  if (!stop) {
    await progress(running, { open: false });
    await returnFailedPlaces(running);
  }
  const under = (await targets.list()).filter(isBegun);
  if (!stop && under.length > 0) return wait(YIELDING_SECONDS);
  if (stop) await inAccounts([...Map.groupBy(under, placeKey).values()], (some) => stop(running, some));
  return finish(running, "superseded", why);
}
