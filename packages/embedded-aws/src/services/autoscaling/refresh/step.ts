import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { metricsOf } from "../../monitoring/state.ts";
import { isMoving, matches } from "../configuration.ts";
import { reading } from "../readings.ts";
import type { Group, Member, Refresh } from "../state.ts";
import { decideStep, type Seen } from "./decide.ts";
import { activeRefresh, announce, beginRollback, endRefresh, launchedNow, replaces } from "./refresh.ts";

/** A refresh fails after an hour without progress (user guide of 2023, "Use an instance refresh"). */
const STUCK_MS = 3_600_000;
/** Maximum time for replacing instances, without waits (same page). */
const LONGEST_MS = 14 * 86_400_000;

/** What a refresh needs from its group now. */
export interface Wanted {
  readonly terminate: readonly string[];
  readonly launch: number;
  /** When to evaluate it again if nothing happens before; milliseconds. */
  readonly wakeAt: number | undefined;
}

/**
 * Updates a refresh's state, and says what to do. Undefined: no refresh is active, or the active one leaves the group
 * to normal scaling.
 */
export function stepRefresh(aws: EmbeddedAws, group: Group): Wanted | undefined {
  const refresh = activeRefresh(group);
  if (!refresh) return undefined;
  if (refresh.status === "Pending" && !isPaused(group)) {
    refresh.status = "InProgress";
    announce(aws, group, refresh, "Started");
  }
  if (refresh.status === "Cancelling" && !isTransitioning(group))
    endRefresh(aws, group, refresh, "Cancelled", refresh.reason);
  const alarm = alarmOf(aws, group, refresh);
  if (alarm) fail(aws, group, refresh, `The CloudWatch alarm ${alarm} is in ALARM state.`);
  if (!replaces(refresh)) return undefined;
  const seen = see(aws, group, refresh);
  const goal = count(aws, group, refresh, seen);
  if (refresh.status === "Baking") return bake(aws, group, refresh, seen);
  const now = aws.clock.now();
  const held = hold(aws, group, refresh);
  if (!held && isFinished(group, refresh, seen)) {
    finish(aws, group, refresh);
    return stepRefresh(aws, group);
  }
  const failure = held ? undefined : failureOf(group, refresh, seen, now);
  if (failure) {
    fail(aws, group, refresh, failure);
    return stepRefresh(aws, group);
  }
  return { ...wantedOf(aws, group, refresh, { seen, goal, held }), wakeAt: wakeAt(group, refresh, now, held) };
}

const isPaused = ({ suspended }: Group): boolean => suspended.has("InstanceRefresh");

const isTransitioning = ({ members, desired }: Group): boolean =>
  [...members.values()].some(({ state }) => state === "Pending" || state === "Terminating") ||
  [...members.values()].filter(({ state }) => state === "InService").length < desired;

/** When a member that a refresh launched has warmed up. */
const warmAt = ({ inServiceAt }: Member, { preferences }: Refresh): number =>
  (inServiceAt ?? Number.POSITIVE_INFINITY) + preferences.InstanceWarmup * 1000;

const isNew = ({ launchedAt }: Member, { startedAt }: Refresh): boolean => launchedAt >= startedAt;

function see(aws: EmbeddedAws, group: Group, refresh: Refresh): Seen[] {
  const { preferences, rollback } = refresh;
  const now = aws.clock.now();
  const configuration = rollback ? group.configuration : launchedNow(group);
  return [...group.members.values()]
    .filter(({ state }) => state !== "Terminating")
    .map((member) => {
      const standby = member.state === "Standby";
      const fresh = isNew(member, refresh);
      const counts = fresh || preferences.SkipMatching || rollback !== undefined;
      const done = counts && matches(aws, group, member, configuration);
      return {
        id: member.instanceId,
        kind: done && !standby ? "done" : kindOf(member, refresh, done),
        ready:
          member.state === "InService" &&
          member.healthy &&
          !member.failing &&
          (!fresh || warmAt(member, refresh) <= now),
        standby,
      };
    });
}

function kindOf(member: Member, { preferences }: Refresh, done: boolean): Seen["kind"] {
  if (done) return "kept";
  if (member.state === "Standby") return BY_CHOICE[preferences.StandbyInstances];
  return member.protectedFromScaleIn ? BY_CHOICE[preferences.ScaleInProtectedInstances] : "old";
}

const BY_CHOICE = { Refresh: "old", Terminate: "old", Ignore: "kept", Wait: "blocked" } as const;

/**
 * API reference, InstanceRefresh: instances count once they are warm; in a rollback the percentage restarts at zero.
 * @returns how many instances will be done in the end
 */
function count(aws: EmbeddedAws, { desired }: Group, refresh: Refresh, seen: readonly Seen[]): number {
  const kept = seen.filter(({ kind, standby }) => kind === "kept" && !standby).length;
  const inStandby = seen.filter(({ kind, standby }) => standby && kind !== "kept").length;
  const goal = Math.max(0, desired - kept) + inStandby;
  const done = Math.min(goal, seen.filter(({ kind, ready }) => kind === "done" && ready).length);
  const { rollback } = refresh;
  const updated = rollback ? goal - done : done;
  const percent = goal === 0 ? (rollback ? 0 : 100) : Math.floor((100 * updated) / goal);
  refresh.progress = { percent: Math.min(percent, rollback?.percent ?? 100), remaining: goal - updated };
  if (done > refresh.best) Object.assign(refresh, { best: done, progressedAt: aws.clock.now() });
  return goal;
}

/** Whether replacements must wait: the process is suspended, or a checkpoint's delay runs. That time does not count. */
function hold(aws: EmbeddedAws, group: Group, refresh: Refresh): boolean {
  const now = aws.clock.now();
  if (!refresh.rollback && refresh.resumesAt <= now) passCheckpoints(aws, group, refresh);
  const held = isPaused(group) || (!refresh.rollback && refresh.resumesAt > now);
  if (held) {
    refresh.pausedSince ??= now;
  } else if (refresh.pausedSince !== undefined) {
    refresh.pausedMs += now - refresh.pausedSince;
    Object.assign(refresh, { pausedSince: undefined, progressedAt: now });
  }
  return held;
}

/**
 * If several are reached at once, only the last is announced; a scale-out can go back below one (user guide of 2023).
 */
function passCheckpoints(aws: EmbeddedAws, group: Group, refresh: Refresh): void {
  const { CheckpointPercentages: all = [], CheckpointDelay: delay = 3600 } = refresh.preferences;
  const reached = all.filter((percent) => percent <= refresh.progress.percent).length;
  if (group.desired > refresh.capacity) refresh.checkpoints = Math.min(refresh.checkpoints, reached);
  refresh.capacity = group.desired;
  if (reached <= refresh.checkpoints) return;
  refresh.checkpoints = reached;
  // inferred: after the last one no replacement is left to delay.
  const waits = reached < all.length || reading(aws, "lastCheckpoint") === "delay";
  if (waits) refresh.resumesAt = aws.clock.now() + delay * 1000;
  announce(aws, group, refresh, "Checkpoint Reached", {
    CheckpointPercentage: String(all[reached - 1]),
    CheckpointDelay: String(delay),
  });
}

/** The refresh's final percentage: the last checkpoint's, or 100. */
const lastPercent = ({ preferences }: Refresh): number => preferences.CheckpointPercentages?.at(-1) ?? 100;

function isFinished({ desired }: Group, refresh: Refresh, seen: readonly Seen[]): boolean {
  const left = seen.some(({ kind }) => kind === "old" || kind === "blocked");
  if (refresh.rollback) return refresh.progress.percent === 0 && !left;
  const { percent } = refresh.progress;
  const target = lastPercent(refresh);
  if (target === 100) return percent === 100 && !left;
  return percent >= target && seen.filter(({ standby }) => !standby).length <= desired;
}

function finish(aws: EmbeddedAws, group: Group, refresh: Refresh): void {
  const { BakeTime = 0 } = refresh.preferences;
  if (refresh.rollback) {
    endRefresh(aws, group, refresh, "RollbackSuccessful", refresh.reason);
  } else if (BakeTime === 0) {
    succeed(aws, group, refresh);
  } else {
    Object.assign(refresh, { status: "Baking", bakedAt: aws.clock.now() + BakeTime * 1000 });
    announce(aws, group, refresh, "Started Baking");
  }
}

/** Only now the group's own settings change (API reference, DesiredConfiguration). */
function succeed(aws: EmbeddedAws, group: Group, refresh: Refresh): void {
  // inferred: a group with $Latest now has the number.
  const keeps = reading(aws, "versionAfterRefresh") === "kept" && isMoving(group.configuration);
  if (refresh.desired && !keeps) group.configuration = refresh.desired;
  endRefresh(aws, group, refresh, "Successful");
}

function bake(aws: EmbeddedAws, group: Group, refresh: Refresh, seen: readonly Seen[]): Wanted | undefined {
  const { bakedAt = 0 } = refresh;
  if (bakedAt <= aws.clock.now()) {
    succeed(aws, group, refresh);
    return undefined;
  }
  const all = seen.map((one): Seen => ({ ...one, kind: one.standby || one.kind === "kept" ? "kept" : "done" }));
  return { ...wantedOf(aws, group, refresh, { seen: all, goal: group.desired, held: false }), wakeAt: bakedAt };
}

/** inferred: alarms are watched during bake time, and not during a rollback. */
function alarmOf(aws: EmbeddedAws, { account, region }: Group, refresh: Refresh): string | undefined {
  const { status, preferences, startedAt } = refresh;
  const watched = status === "InProgress" || (status === "Baking" && reading(aws, "alarmsWhileBaking") === "watched");
  if (!watched) return undefined;
  const { alarms } = metricsOf(aws, account, region);
  const since = reading(aws, "alarmAtStart") === "ignored" ? startedAt : Number.NEGATIVE_INFINITY;
  return preferences.AlarmSpecification?.Alarms?.find((name) => {
    const alarm = alarms.get(name);
    return alarm?.state === "ALARM" && alarm.stateChangedAt > since;
  });
}

/** The reasons' wording is not AWS's. */
function fail(aws: EmbeddedAws, group: Group, refresh: Refresh, reason: string): void {
  if (refresh.rollback) endRefresh(aws, group, refresh, "RollbackFailed", reason);
  else if (refresh.preferences.AutoRollback) beginRollback(aws, group, refresh, `Automatic rollback: ${reason}`);
  else endRefresh(aws, group, refresh, "Failed", reason);
}

/** Why it fails now; undefined: it continues. */
function failureOf(group: Group, refresh: Refresh, seen: readonly Seen[], now: number): string | undefined {
  if (now - refresh.startedAt - refresh.pausedMs >= LONGEST_MS)
    return "The instance refresh replaced instances for 14 days.";
  if (now - refresh.progressedAt < STUCK_MS || isWarming(group, refresh, now)) return undefined;
  const blocked = seen.filter(({ kind }) => kind === "blocked");
  const standby = blocked.filter((one) => one.standby).length;
  const inProtected = blocked.length - standby;
  const why =
    standby > 0
      ? `${standby} instance(s) in Standby`
      : inProtected > 0
        ? `${inProtected} instance(s) protected from scale in`
        : "new instances do not launch or do not become healthy. See the scaling activities";
  return `The instance refresh made no progress for one hour: ${why}.`;
}

/** Whether an instance may still become healthy. */
const isWarming = (group: Group, refresh: Refresh, now: number): boolean =>
  [...group.members.values()].some(
    (member) =>
      isNew(member, refresh) &&
      member.healthy &&
      !member.failing &&
      (member.state === "Pending" || (member.state === "InService" && warmAt(member, refresh) > now)),
  );

interface View {
  readonly seen: readonly Seen[];
  readonly goal: number;
  readonly held: boolean;
}

function wantedOf(aws: EmbeddedAws, group: Group, refresh: Refresh, { seen, goal, held }: View) {
  const { preferences, rollback, checkpoints } = refresh;
  const { desired, suspended } = group;
  // User guide, "How suspended processes affect other processes": no instance is replaced.
  if (["InstanceRefresh", "Launch", "Terminate"].some((process) => suspended.has(process))) {
    return { terminate: [], launch: Math.max(0, desired - seen.filter(({ standby }) => !standby).length) };
  }
  const next = rollback ? 100 : (preferences.CheckpointPercentages?.[checkpoints] ?? lastPercent(refresh));
  return decideStep({
    desired,
    min: preferences.MinHealthyPercentage,
    max: preferences.MaxHealthyPercentage,
    launchFirst: reading(aws, "smallGroups") === "launch-first",
    seen,
    quota: held ? 0 : next === 100 ? Number.POSITIVE_INFINITY : Math.ceil((goal * next) / 100),
  });
}

/** The next time when something changes without a request. */
function wakeAt(group: Group, refresh: Refresh, now: number, held: boolean): number | undefined {
  const warm = [...group.members.values()]
    .filter((member) => isNew(member, refresh) && member.state === "InService")
    .map((member) => warmAt(member, refresh));
  const times = [
    ...warm,
    refresh.resumesAt,
    ...(held ? [] : [refresh.progressedAt + STUCK_MS, refresh.startedAt + refresh.pausedMs + LONGEST_MS]),
  ].filter((at) => at > now);
  return times.length > 0 ? Math.min(...times) : undefined;
}
