import { listAlarming, whyClosed } from "../../adapters/rollout/brakes.ts";
import { listInstances } from "../../adapters/rollout/instances.ts";
import { type AskedRefresh, cancelRefresh, listRefreshes, startRefresh } from "../../adapters/rollout/refreshes.ts";
import { findTarget } from "../../adapters/rollout/rollouts.ts";
import { findLaunched, findTemplate, makeVersion } from "../../adapters/rollout/templates.ts";
import { toRefusal } from "../../adapters/share/consumer.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { refreshSettings, whyTooSmall } from "../../core/rollout/ask-refresh.ts";
import { decideMode } from "../../core/rollout/decide-mode.ts";
import { findIntended, findOwnActive, isActive, type Refresh } from "../../core/rollout/follow-refresh.ts";
import { followedBy } from "../../core/rollout/group.ts";
import type { RolloutMode, TargetRecord } from "../../core/rollout/records.ts";
import { type Acting, type Entered, type Running, saveTarget } from "./in-place.ts";
import { sayAmi } from "./ring-places.ts";

type Change = Partial<TargetRecord>;
const skipped = (why: string): Change => ({ state: "skipped", why });
const held = (why: string): Change => ({ state: "held", why });

/** A group after planning: how it would be replaced, or why it is held or skipped. */
export type Prepared =
  | { readonly kind: "ready"; readonly how: RolloutMode; readonly ami: string; readonly refreshes: readonly Refresh[] }
  | { readonly kind: "not"; readonly change: Change };

const not = (change: Change): Prepared => ({ kind: "not", change });

/**
 * Whether a group can be replaced now, and how. Changes nothing.
 * @throws NotProven, BuildRevoked, PromotionUndone where the AMI must not be launched
 */
export async function prepareGroup(
  { running, entered, group }: Acting,
  target: Pick<TargetRecord, "wave">,
): Promise<Prepared> {
  const { image, channel, record, policy, invocation } = running;
  const { factory } = invocation.settings;
  const follows = followedBy(group.tags);
  if (follows?.image !== image || follows.channel !== channel) return not(skipped("it now follows another channel"));
  const ami = record.amis[entered.region];
  if (!ami) return not(held(`the channel is not in ${entered.region} yet`));
  await running.prove({ build: record.build, amiId: ami }, entered.region);
  const next = await findLaunched(entered.ec2, ami);
  if (!next) return not(held(`${ami} is not shared with the account`));
  const template = group.template && (await findTemplate(entered.ec2, group.template));
  const names = template?.image?.startsWith("ami-") ? template.image : undefined;
  const rollout = factory.consumers?.rollout;
  const decided = decideMode({
    group,
    template,
    wave: target.wave,
    image,
    channel,
    factory: factory.name,
    next,
    present: names === undefined ? undefined : await findLaunched(entered.ec2, names),
    mayMakeVersions: rollout?.templateVersions.includes(entered.account) ?? false,
  });
  if (decided.kind === "none") return not(skipped(decided.why));
  const small = whyTooSmall(group, policy);
  if (small) return not(skipped(small));
  if (group.suspended.includes("InstanceRefresh")) return not(held("its owner suspended the process InstanceRefresh"));
  const closed = await whyClosed(entered.ssm, rollout?.calendars ?? []);
  if (closed) return not(held(closed));
  const alarming = await listAlarming(entered.cloudWatch, policy.alarms);
  if (alarming.length > 0) return not(held(`in ALARM already: ${alarming.join(", ")}`));
  const refreshes = await listRefreshes(entered.autoScaling, group.name);
  return { kind: "ready", how: decided.how, ami, refreshes };
}

/** Finds the intended refresh when the answer to StartInstanceRefresh was lost. */
export async function findBegun(
  { running, entered, group }: Acting,
  target: TargetRecord,
): Promise<TargetRecord["refresh"]> {
  const { how, intent } = target;
  if (!how || !intent) return undefined;
  const { record, policy } = running;
  const { towards } = intent;
  const forward = towards === "new";
  const ami = forward ? record.amis[entered.region] : undefined;
  const asked = refreshSettings({ how, group, ami }, policy, forward ? (record.steps[target.step]?.bake ?? 0) : 0);
  const own = findIntended(await listRefreshes(entered.autoScaling, group.name), target, asked);
  return own && { id: own.id, towards };
}

/**
 * Starts a group's refresh once: after a crash, the next turn finds the refresh by the recorded intent.
 * @param mayStart false: only look for a started refresh
 */
export async function startGroup(acting: Acting, target: TargetRecord, mayStart: boolean): Promise<TargetRecord> {
  const { running, entered } = acting;
  const { record, invocation } = running;
  const checkedAt = invocation.now.toISOString();
  const save = (before: TargetRecord, change: Change) =>
    saveTarget(running, before, { ...before, checkedAt, intent: undefined, ...change });
  if (target.intent) {
    const refresh = await findBegun(acting, target);
    if (refresh) return save(target, { state: "refreshing", refresh, why: undefined });
  }
  if (!mayStart) return save(target, {});
  const prepared = await prepareGroup(acting, target);
  if (prepared.kind === "not") return save(target, prepared.change);
  const { ami, refreshes } = prepared;
  const how = sameSource(target.how, prepared.how) ?? prepared.how;
  const active = refreshes.find(isActive);
  if (active) return save(target, await yieldTo(refreshes, active, { running, entered, target }));
  const { bake, first, startedAt } = record.steps[target.step] ?? { bake: 0, first: false };
  if (how.mode === "parameter") {
    // In a later step the ring has moved everywhere, or returned in this place.
    const said = await sayAmi(acting, how.ring, first && record.index === target.step);
    if (said !== ami) return save(target, toOther(said, how.ring, { startedAt, now: invocation.now }));
  }
  const instances = await listInstances(entered.ec2, [acting.group.name]);
  const others = instances.filter(({ ami: its }) => its !== ami);
  const isThere = others.length === 0 && (how.mode === "parameter" || namesAlready(how, ami));
  if (isThere) {
    const why =
      instances.length === 0 ? "it has no instances; new ones start from the build" : "all its instances run the build";
    return save(target, { state: "done", how, why, startedAt: checkedAt, endedAt: checkedAt });
  }
  return begin(acting, target, { how, ami, newest: refreshes[0]?.id, bake });
}

/** Keeps the template version made earlier, unless the group's owner has changed the template since. */
const sameSource = (before: RolloutMode | undefined, now: RolloutMode): RolloutMode | undefined =>
  before?.mode === "version" && now.mode === "version" && before.template === now.template && before.from === now.from
    ? before
    : undefined;

/** `mirror-channel` writes copies within minutes. */
const COPIES_MS = 30 * 60_000;

/** The state of a group whose parameter has another AMI. */
function toOther(
  said: string | undefined,
  ring: string | undefined,
  { startedAt, now }: { readonly startedAt: string | undefined; readonly now: Date },
): Change {
  if (ring !== undefined) return { ...skipped(`its parameter was returned to ${said ?? "nothing"}`), turned: true };
  const why = `the account's copy of the channel's parameter still has ${said ?? "no value"}`;
  return startedAt && now.getTime() - Date.parse(startedAt) < COPIES_MS ? { state: "pending", why } : held(why);
}

const namesAlready = (how: RolloutMode, ami: string): boolean =>
  how.mode === "version"
    ? how.previousAmi === ami
    : how.mode === "override" && how.previousAmis.every((one) => one === ami);

interface Beginning {
  readonly how: RolloutMode;
  readonly ami: string;
  readonly newest: string | undefined;
  readonly bake: number;
}

async function begin(acting: Acting, target: TargetRecord, beginning: Beginning): Promise<TargetRecord> {
  const { running, entered, group } = acting;
  const { policy, invocation } = running;
  const { ami, newest, bake } = beginning;
  const at = invocation.now.toISOString();
  try {
    const how = await withVersion(acting, beginning);
    // Written before the call: EC2 Auto Scaling has no client token.
    const intended = await saveTarget(running, target, {
      ...target,
      how,
      state: "pending",
      intent: { at, towards: "new", ...(newest !== undefined && { newest }) },
      tries: target.tries + 1,
      startedAt: target.startedAt ?? at,
      checkedAt: at,
    });
    const asked = refreshSettings({ how, group, ami }, policy, bake);
    const id = await startRefresh(entered.autoScaling, group.name, asked as AskedRefresh);
    return await saveTarget(running, intended, {
      ...intended,
      state: "refreshing",
      intent: undefined,
      refresh: { id, towards: "new" },
      why: undefined,
    });
  } catch (failure) {
    const refusal = toRefusal(failure);
    // The active refresh may be ours, its answer lost, or another's: the next turn finds out.
    if (!refusal || refusal.code.startsWith("InstanceRefreshInProgress")) throw failure;
    const written = await findTarget(invocation.ledger, { ...running, rollout: running.record.id }, target);
    const why = `${refusal.code}: ${refusal.message}`;
    return saveTarget(running, written, { ...(written ?? target), state: "skipped", intent: undefined, why });
  }
}

async function withVersion({ running, entered, group }: Acting, { how, ami }: Beginning): Promise<RolloutMode> {
  if (how.mode !== "version" || how.to !== undefined) return how;
  // Its owner may have returned to an earlier version with this AMI.
  if (how.previousAmi === ami) return { ...how, to: how.from };
  const { record, image, channel } = running;
  // An ARN ends with the group's name, which may be long; its UUID is short.
  const [, uuid = group.name] = /:autoScalingGroup:([^:]+):/.exec(group.arn) ?? [];
  const token = `${record.id}-${how.from}-${uuid}`.slice(0, 128);
  const description = `${image} ${channel} ${buildVersion(record.build)}, by Amint from version ${how.from}`;
  const to = await makeVersion(entered.ec2, { template: how.template, source: how.from, ami, token, description });
  return { ...how, to };
}

/** Another refresh is running: cancels one of a superseded roll-out, waits for any other. */
async function yieldTo(
  refreshes: readonly Refresh[],
  active: Refresh,
  { running, entered, target }: { readonly running: Running; readonly entered: Entered; readonly target: TargetRecord },
): Promise<Change> {
  const { record, policy, invocation, image, channel } = running;
  const before =
    record.after && (await findTarget(invocation.ledger, { image, channel, rollout: record.after }, target));
  if (!before || !findOwnActive(refreshes, before, policy))
    return held(`another instance refresh, ${active.id}, is ${active.status}`);
  if (active.status !== "Cancelling") await cancelRefresh(entered.autoScaling, target.group);
  return { state: "pending", why: `the refresh ${active.id} to the previous build is being cancelled` };
}
