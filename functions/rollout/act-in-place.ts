import { listOptedIn } from "../../adapters/rollout/groups.ts";
import { cancelRefresh, findLaunchFailure, listRefreshes } from "../../adapters/rollout/refreshes.ts";
import { toRefusal } from "../../adapters/share/consumer.ts";
import { followRefresh, isActive } from "../../core/rollout/follow-refresh.ts";
import type { OptedInGroup } from "../../core/rollout/group.ts";
import { isUnderWay, type TargetRecord } from "../../core/rollout/records.ts";
import { type Entered, enterPlace, type Running, saveTarget, WrittenMeanwhile } from "./in-place.ts";
import { returnGroup } from "./return-group.ts";
import { startGroup } from "./start-group.ts";

/**
 * Groups of one account and region that are refreshed at a time: they share Auto Scaling's rate, and EC2 gives 1,000
 * instances at once and two a second after that (EC2 developer guide, "Request throttling").
 */
export const MOST_AT_A_PLACE = 5;

/** What holds a group, or lets it wait, is asked for anew after so long. */
const HELD_MS = 15 * 60_000;

interface Asked {
  /** Whether groups may be started. */
  readonly open: boolean;
  /** How many, at most. */
  readonly most: number;
}

/** Goes on with the groups of one account and region. What fails in one leaves the others alone. */
export async function actInPlace(
  running: Running,
  targets: readonly TargetRecord[],
  { open, most }: Asked,
): Promise<void> {
  const [first] = targets;
  if (!first) return;
  const { step } = running;
  const room = Math.min(MOST_AT_A_PLACE - targets.filter(isUnderWay).length, most);
  const startable = open ? targets.filter((target) => isStartable(target, step.now)).slice(0, Math.max(0, room)) : [];
  const work = [...targets.filter(isUnderWay), ...startable];
  if (work.length === 0) return;
  let entered: Entered;
  let groups: Map<string, OptedInGroup>;
  try {
    entered = await enterPlace(first, step);
    groups = new Map((await listOptedIn(entered.autoScaling, first)).map((group) => [group.name, group]));
  } catch (failure) {
    const why = sayRefusal(failure);
    for (const target of startable) await settle(running, target, { state: "held", why });
    step.log.warn("a place of a roll-out was not entered", { ...placeIn(first), failure: String(failure) });
    return;
  }
  for (const target of work) {
    try {
      await actOnGroup({ running, entered }, target, groups.get(target.group));
    } catch (failure) {
      if (failure instanceof WrittenMeanwhile) continue;
      step.log.warn("a group of a roll-out was not seen to", { ...placeIn(target), failure: String(failure) });
      // What was begun is found again; what was not, waits.
      if (!isUnderWay(target) && target.intent === undefined) {
        await settle(running, target, { state: "held", why: sayRefusal(failure) });
      }
    }
  }
}

/** Ends what is under way at a place, without a way back: its build was revoked, and another one follows. */
export async function cancelInPlace(running: Running, targets: readonly TargetRecord[]): Promise<void> {
  const [first] = targets;
  if (!first) return;
  const { autoScaling } = await enterPlace(first, running.step);
  for (const target of targets) {
    const active = (await listRefreshes(autoScaling, target.group)).find(isActive);
    if (active && active.id === target.refresh?.id && active.status !== "Cancelling") {
      await cancelRefresh(autoScaling, target.group);
    }
  }
}

const placeIn = ({ account, region, group }: TargetRecord) => ({ account, region, group });

const isStartable = ({ state, intent, checkedAt }: TargetRecord, now: Date): boolean => {
  if (state === "pending") return true;
  const isDue = checkedAt === undefined || now.getTime() - Date.parse(checkedAt) >= HELD_MS;
  return state === "held" && (isDue || intent !== undefined);
};

async function settle(running: Running, target: TargetRecord, change: Partial<TargetRecord>): Promise<void> {
  try {
    await saveTarget(running, target, { ...target, checkedAt: running.step.now.toISOString(), ...change });
  } catch (failure) {
    if (!(failure instanceof WrittenMeanwhile)) throw failure;
  }
}

const sayRefusal = (failure: unknown): string => {
  const refusal = toRefusal(failure);
  return refusal ? `${refusal.code}: ${refusal.message}` : `AWS did not answer: ${String(failure)}`;
};

/** Goes on with one group, whatever it waits for. */
export async function actOnGroup(
  { running, entered }: { readonly running: Running; readonly entered: Entered },
  target: TargetRecord,
  group: OptedInGroup | undefined,
): Promise<void> {
  const { step } = running;
  if (!group) {
    const why = "it is gone, or its tag amint:rollout is";
    const ended = { ...target, intent: undefined, endedAt: step.now.toISOString(), why };
    await saveTarget(running, target, { ...ended, state: "skipped" });
    return;
  }
  const acting = { running, entered, group };
  if (!isUnderWay(target)) {
    await startGroup(acting, target);
    return;
  }
  const followed = target.refresh ? await follow(acting, target) : target;
  if (followed.state === "returning" && followed.refresh?.towards !== "previous") await returnGroup(acting, followed);
}

async function follow(
  { running, entered, group }: Parameters<typeof startGroup>[0],
  target: TargetRecord,
): Promise<TargetRecord> {
  const refresh = (await listRefreshes(entered.autoScaling, group.name)).find(({ id }) => id === target.refresh?.id);
  const { step } = running;
  if (!refresh) {
    const change = { state: "failed", failed: true, why: "AWS does not know its refresh any more" } as const;
    return saveTarget(running, target, { ...target, ...change, endedAt: step.now.toISOString() });
  }
  const isOver = !isActive(refresh) && refresh.status !== "Successful";
  const launchFailure = isOver
    ? await findLaunchFailure(entered.autoScaling, group.name, refresh.startedAt)
    : undefined;
  const followed = followRefresh(target, { refresh, launchFailure, now: step.now });
  if (followed === target) return target;
  const left = followed.state === "done" ? sayLeft(group) : undefined;
  return saveTarget(running, target, { ...followed, ...(left && { why: left }) });
}

/** Instances that a refresh leaves alone. */
function sayLeft({ instances }: OptedInGroup): string | undefined {
  const kept = [
    ["protected from scale-in", instances.filter((one) => one.protectedFromScaleIn).length],
    ["in standby", instances.filter(({ lifecycle }) => lifecycle === "Standby").length],
  ] as const;
  const said = kept.filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`);
  return said.length > 0 ? `left alone: ${said.join(", ")}` : undefined;
}
