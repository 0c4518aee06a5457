import { listAlarming } from "../../adapters/rollout/brakes.ts";
import { listOptedIn } from "../../adapters/rollout/groups.ts";
import { listInstances } from "../../adapters/rollout/instances.ts";
import { cancelRefresh, findLaunchFailure, listRefreshes } from "../../adapters/rollout/refreshes.ts";
import { toRefusal } from "../../adapters/share/consumer.ts";
import { findOwnActive, followRefresh, isActive, type Refresh } from "../../core/rollout/follow-refresh.ts";
import type { OptedInGroup } from "../../core/rollout/group.ts";
import { isBegun, isUnderWay, type TargetRecord } from "../../core/rollout/records.ts";
import { type Acting, type Entered, enterPlace, type Running, saveTarget, WrittenMeanwhile } from "./in-place.ts";
import { ALL } from "./list-step.ts";
import { returnGroup } from "./return-group.ts";
import { startGroup } from "./start-group.ts";

/**
 * How many groups of one account and region refresh at a time. They share Auto Scaling's rate, and EC2's token bucket
 * holds 1,000 instances and refills two a second (EC2 developer guide, "Request throttling").
 */
export const MOST_AT_A_PLACE = 5;

/** How often a held group is checked again. */
const HELD_MS = 15 * 60_000;

/**
 * A refresh replaces instances for 14 days, bakes for two and may be stuck for an hour (sources in
 * `follow-refresh.ts`).
 */
const LONGEST_DAYS = 17;
const LONGEST_MS = LONGEST_DAYS * 86_400_000;

interface Asked {
  /** Whether groups may start. */
  readonly open: boolean;
  /** Maximum number to start. */
  readonly most: number;
}

/** Continues the groups of one account and region. A group that fails does not affect the others. */
export async function actInPlace(
  running: Running,
  targets: readonly TargetRecord[],
  { open, most }: Asked,
): Promise<void> {
  const [first] = targets;
  if (!first) return;
  const { invocation } = running;
  const begun = targets.filter(isBegun);
  const room = Math.max(0, Math.min(MOST_AT_A_PLACE - begun.length, most));
  const startable = open ? targets.filter((target) => isStartable(target, invocation.now)).slice(0, room) : [];
  const work = [...begun, ...startable];
  if (work.length === 0) return;
  let entered: Entered;
  try {
    entered = await enterPlace(first, invocation);
  } catch (failure) {
    for (const target of work) await postpone(running, target, failure);
    invocation.log.warn("account and region of a roll-out not entered", {
      ...placeIn(first),
      failure: String(failure),
    });
    return;
  }
  const groups = groupsIn(entered);
  for (const target of work) {
    try {
      await actOnGroup({ running, entered, groups, mayStart: open }, target);
    } catch (failure) {
      if (failure instanceof WrittenMeanwhile) continue;
      invocation.log.warn("group of a roll-out failed", { ...placeIn(target), failure: String(failure) });
      await postpone(running, target, failure);
    }
  }
}

/**
 * Cancels running refreshes in one account and region without a rollback: their build was revoked, and another one
 * follows.
 */
export async function cancelInPlace(running: Running, targets: readonly TargetRecord[]): Promise<void> {
  const [first] = targets;
  if (!first) return;
  const { policy, invocation } = running;
  try {
    const { autoScaling } = await enterPlace(first, invocation);
    for (const target of targets) {
      const active = findOwnActive(await listRefreshes(autoScaling, target.group), target, policy);
      if (active && active.status !== "Cancelling") await cancelRefresh(autoScaling, target.group);
    }
  } catch (failure) {
    // The next roll-out cancels the refreshes that it finds.
    invocation.log.warn("refreshes of a revoked build not cancelled", { ...placeIn(first), failure: String(failure) });
  }
}

const placeIn = ({ account, region, group }: TargetRecord) => ({ account, region, group });

const isStartable = (target: TargetRecord, now: Date): boolean => {
  if (isBegun(target) || target.group === ALL) return false;
  return target.state === "pending" || (target.state === "held" && isDue(target, now));
};

/** Whether a hold, or a failed listing, is due for another check. */
export const isDue = ({ checkedAt }: Pick<TargetRecord, "checkedAt">, now: Date): boolean =>
  checkedAt === undefined || now.getTime() - Date.parse(checkedAt) >= HELD_MS;

/** A group that has started is retried until no refresh can last that long; one that has not started is held. */
async function postpone(running: Running, target: TargetRecord, failure: unknown): Promise<void> {
  const { now } = running.invocation;
  const why = sayRefusal(failure);
  const checkedAt = now.toISOString();
  if (!isBegun(target)) return settle(running, target, { state: "held", why, checkedAt });
  if (isOverdue(target, now)) {
    const over = { state: "failed", failed: true, intent: undefined, endedAt: checkedAt } as const;
    return settle(running, target, {
      ...over,
      why: `its state was unknown for ${LONGEST_DAYS} days: ${why}`,
    });
  }
  if (why !== target.why) await settle(running, target, { why });
}

async function settle(running: Running, target: TargetRecord, change: Partial<TargetRecord>): Promise<void> {
  try {
    await saveTarget(running, target, { ...target, ...change });
  } catch (failure) {
    if (!(failure instanceof WrittenMeanwhile)) throw failure;
  }
}

/** Whether it has been longer than any refresh lasts. */
const isOverdue = ({ checkedAt, startedAt }: TargetRecord, now: Date): boolean =>
  now.getTime() - Date.parse(checkedAt ?? startedAt ?? now.toISOString()) > LONGEST_MS;

const sayRefusal = (failure: unknown): string => {
  if (typeof failure === "string") return failure;
  const refusal = toRefusal(failure);
  return refusal ? `${refusal.code}: ${refusal.message}` : `AWS did not answer: ${String(failure)}`;
};

interface At {
  readonly running: Running;
  readonly entered: Entered;
  readonly groups: Groups;
  readonly mayStart: boolean;
}

/** The opted-in groups of an account and region by name, listed when one is needed. */
type Groups = () => Promise<ReadonlyMap<string, OptedInGroup>>;

export function groupsIn(entered: Entered): Groups {
  let listing: ReturnType<Groups> | undefined;
  return () => {
    listing ??= listOptedIn(entered.autoScaling, entered).then(
      (groups) => new Map(groups.map((group) => [group.name, group])),
    );
    return listing;
  };
}

/** Continues one group, in any state. */
export async function actOnGroup({ running, entered, groups, mayStart }: At, target: TargetRecord): Promise<void> {
  const { invocation } = running;
  const seen = target.state === "refreshing" ? await findFollowed(entered, target) : undefined;
  if (seen && goesOn(seen, target, invocation.now)) return;
  const group = (await groups()).get(target.group);
  if (!group) {
    const why = "the group or its tag amint:rollout no longer exists";
    const ended = { ...target, intent: undefined, endedAt: invocation.now.toISOString(), why };
    await saveTarget(running, target, { ...ended, state: "skipped" });
    return;
  }
  const acting = { running, entered, group };
  if (!isUnderWay(target)) {
    await startGroup(acting, target, mayStart);
    return;
  }
  const followed = target.refresh ? await follow(acting, target, seen) : target;
  if (followed.state === "returning" && followed.refresh?.towards !== "previous") await returnGroup(acting, followed);
}

/** The refresh that a group's record names; undefined where it, or the group, does not exist. */
async function findFollowed({ autoScaling }: Entered, { group, refresh }: TargetRecord): Promise<Refresh | undefined> {
  try {
    return (await listRefreshes(autoScaling, group)).find(({ id }) => id === refresh?.id);
  } catch (failure) {
    if (toRefusal(failure)?.code.startsWith("ValidationError")) return undefined;
    throw failure;
  }
}

/** Whether there is nothing to do but to wait, so that the group need not be read: so it is in most turns. */
const goesOn = (refresh: Refresh, target: TargetRecord, now: Date): boolean =>
  isActive(refresh) && refresh.status !== "Cancelling" && target.why === undefined && !isOverdue(target, now);

/** @param seen the refresh, if it was just read */
async function follow(
  { running, entered, group }: Acting,
  target: TargetRecord,
  seen: Refresh | undefined,
): Promise<TargetRecord> {
  const refresh = seen ?? (await findFollowed(entered, target));
  const { invocation } = running;
  if (!refresh) {
    const change = { state: "failed", failed: true, why: "its instance refresh no longer exists" } as const;
    return saveTarget(running, target, { ...target, ...change, endedAt: invocation.now.toISOString() });
  }
  const isOver = !isActive(refresh) && refresh.status !== "Successful";
  const launchFailure = isOver
    ? await findLaunchFailure(entered.autoScaling, group.name, refresh.startedAt)
    : undefined;
  const alarming = isOver ? await listAlarming(entered.cloudWatch, running.policy.alarms) : [];
  const followed = followRefresh(target, { refresh, launchFailure, alarming, now: invocation.now });
  if (followed === target) {
    const why = refresh.status === "Cancelling" ? "its refresh is being cancelled" : undefined;
    if (isOverdue(target, invocation.now)) {
      await postpone(running, target, why ?? `its refresh is ${refresh.status}`);
      return target;
    }
    // AWS answers again; the reason against a rollback stays.
    const isStale = target.state === "refreshing" && !target.turned && target.why !== why;
    return isStale ? saveTarget(running, target, { ...target, why }) : target;
  }
  const proven = followed.state === "done" ? await proveReplaced({ running, entered, group }, followed) : followed;
  return saveTarget(running, target, proven);
}

/** The refresh has ended: checks in EC2 what the instances run. */
async function proveReplaced({ running, entered, group }: Acting, done: TargetRecord): Promise<TargetRecord> {
  const wanted = running.record.amis[entered.region];
  const instances = await listInstances(entered.ec2, [group.name]);
  const others = instances.filter(({ ami }) => ami !== wanted).length;
  if (others === 0) return done;
  const isProtected = group.instances.filter((one) => one.protectedFromScaleIn).length;
  const inStandby = group.instances.filter(({ lifecycle }) => lifecycle === "Standby").length;
  const why = [
    `${others} of ${instances.length} instances do not run the build`,
    ...(isProtected > 0 ? [`${isProtected} protected from scale-in`] : []),
    ...(inStandby > 0 ? [`${inStandby} in standby`] : []),
  ].join(", ");
  // A refresh skips those. If it replaced none of the others, it failed, whatever its status.
  const isNone = others === instances.length && others > isProtected + inStandby;
  return isNone && !done.turned ? { ...done, state: "failed", failed: true, why } : { ...done, why };
}
