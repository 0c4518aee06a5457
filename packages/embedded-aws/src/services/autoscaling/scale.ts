import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { observeAlarms } from "../monitoring/set-state.ts";
import { counted, launchOne } from "./launch.ts";
import { forgetDeleted, type Look, replaceUnhealthy, THROTTLED_MS, terminateOne, watch } from "./members.ts";
import { activeRefresh } from "./refresh/refresh.ts";
import { stepRefresh } from "./refresh/step.ts";
import { autoScalingState, type Group, type Member, timeOf } from "./state.ts";

/** A group acts some seconds after it is created or changed. */
const SOON_MS = 10_000;
/** How soon a refresh reacts to changes of its instances. */
const REFRESH_MS = 2_000;
/** Failed launches are retried with increasing delay. AWS does not publish the intervals. */
const RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 30 * 60_000;

/**
 * Evaluates a group soon, and scales it to its desired capacity.
 * @param why the first words of the activities' cause: `a user request created an AutoScalingGroup changing the desired
 *   capacity from 0 to 1`
 */
export function scaleSoon(aws: EmbeddedAws, group: Group, why: string): void {
  const asked = timeOf(aws.clock.now());
  lookIn(aws, group, SOON_MS, `At ${asked} ${why}.  `);
}

function lookIn(aws: EmbeddedAws, group: Group, after: number, why: string, recurring = false): void {
  group.next?.();
  group.nextAt = aws.clock.now() + after;
  group.next = aws.clock.after(after, () => scale(aws, group, why), { recurring });
}

/** Evaluates the group again, unless that is already scheduled sooner. */
export const look: Look = (aws, group, what) => {
  const refreshing = activeRefresh(group) !== undefined;
  if (what === "failed" && !refreshing) return retry(aws, group);
  const after = refreshing ? (what === "failed" ? retryMs(group) : REFRESH_MS) : SOON_MS;
  if (group.next && group.nextAt <= aws.clock.now() + after) return;
  lookIn(aws, group, after, "");
};

async function scale(aws: EmbeddedAws, group: Group, why: string): Promise<void> {
  group.next = undefined;
  watch(aws, group, look);
  watchAlarms(aws, group);
  await replaceUnhealthy(aws, group);
  const wanted = stepRefresh(aws, group);
  const launch = wanted ? wanted.launch : group.desired - counted(group).length;
  for (const id of wanted?.terminate ?? []) {
    const member = group.members.get(id);
    if (member) await terminateOne(aws, group, member, `${why}${takenOut(aws, "an instance refresh", id)}`);
  }
  if (!wanted) await shrink(aws, group, why);
  const launches = group.suspended.has("Launch") ? 0 : launch;
  for (let count = 0; count < launches; count++) {
    const outcome = await launchOne(aws, group, why);
    if (outcome === "launched") continue;
    if (outcome === "throttled") return lookIn(aws, group, THROTTLED_MS, why);
    if (!wanted) return retry(aws, group);
    wakeAt(aws, group, Math.min(wanted.wakeAt ?? Number.POSITIVE_INFINITY, aws.clock.now() + retryMs(group)));
    return;
  }
  if (wanted?.wakeAt !== undefined) wakeAt(aws, group, wanted.wakeAt);
  forgetDeleted(aws, group);
}

/** Unless an earlier time is already scheduled. */
function wakeAt(aws: EmbeddedAws, group: Group, at: number): void {
  if (!group.next || group.nextAt > at) lookIn(aws, group, Math.max(0, at - aws.clock.now()), "");
}

/**
 * Members that are not in service, healthy and warm first, then the oldest. AWS's default policy looks at zones and
 * template versions before age.
 */
async function shrink(aws: EmbeddedAws, group: Group, why: string): Promise<void> {
  const present = counted(group);
  const surplus = present
    .filter(({ protectedFromScaleIn }) => group.deleting || !protectedFromScaleIn)
    .sort((a, b) => Number(serves(aws, group, a)) - Number(serves(aws, group, b)));
  if (group.suspended.has("Terminate") && !group.deleting) return;
  for (const [index, member] of surplus.slice(0, Math.max(0, present.length - group.desired)).entries()) {
    const from = present.length - index;
    const response = `a difference between desired and actual capacity, shrinking the capacity from ${from} to ${from - 1}`;
    await terminateOne(aws, group, member, `${why}${takenOut(aws, response, member.instanceId)}`);
  }
  if (group.deleting) for (const member of standby(group)) await terminateOne(aws, group, member, why);
}

function serves(aws: EmbeddedAws, group: Group, { state, failing, inServiceAt = 0 }: Member): boolean {
  const warmAt = inServiceAt + (group.defaultWarmup ?? group.gracePeriod) * 1000;
  return state === "InService" && !failing && warmAt <= aws.clock.now();
}

const standby = ({ members }: Group): Member[] => [...members.values()].filter(({ state }) => state === "Standby");

function takenOut(aws: EmbeddedAws, response: string, instanceId: string): string {
  const at = timeOf(aws.clock.now());
  return `At ${at} an instance was taken out of service in response to ${response}.  At ${at} instance ${instanceId} was selected for termination.`;
}

const retryMs = (group: Group): number => Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** group.failures++);

/** Retries forever, which does not drive virtual time. */
const retry = (aws: EmbeddedAws, group: Group): void => lookIn(aws, group, retryMs(group), "", true);

/** A refresh reacts at once to an alarm in its account and region. */
function watchAlarms(aws: EmbeddedAws, { account, region }: Group): void {
  const state = aws.state(autoScalingState, account, region);
  if (state.watchingAlarms) return;
  state.watchingAlarms = true;
  observeAlarms(aws, account, region, ({ state: now }) => {
    if (now !== "ALARM") return;
    for (const group of state.groups.values()) if (activeRefresh(group)) look(aws, group, "changed");
  });
}
