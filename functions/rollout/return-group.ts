import type { AskedRefresh } from "../../adapters/rollout/refreshes.ts";
import { cancelRefresh, listRefreshes, rollBackRefresh, startRefresh } from "../../adapters/rollout/refreshes.ts";
import { findRing } from "../../adapters/rollout/rings.ts";
import { findLaunched } from "../../adapters/rollout/templates.ts";
import { toRefusal } from "../../adapters/share/consumer.ts";
import { refreshSettings } from "../../core/rollout/ask-refresh.ts";
import { isActive, type Refresh } from "../../core/rollout/follow-refresh.ts";
import type { RolloutMode, TargetRecord } from "../../core/rollout/records.ts";
import { ringHeld } from "../../core/rollout/ring.ts";
import { findStop } from "../promotion/find-stop.ts";
import { type Acting, saveTarget } from "./in-place.ts";
import { writePlace } from "./ring-places.ts";
import { findBegun } from "./start-group.ts";

/** Why a group that resolves the account's copy of the channel's parameter cannot return. */
export const FOLLOWS_CHANNEL =
  "it resolves the account's copy of the channel parameter, which still has the build: roll the channel back";

/**
 * Returns a group to its former configuration: by RollbackInstanceRefresh while its refresh runs and AWS supports it,
 * otherwise by another refresh. Called until the group is `returned` or `failed`.
 */
export async function returnGroup(acting: Acting, before: TargetRecord): Promise<TargetRecord> {
  const { running, entered, group } = acting;
  const { policy, invocation } = running;
  const endedAt = invocation.now.toISOString();
  let target = before;
  const save = async (change: Partial<TargetRecord>) => {
    target = await saveTarget(running, target, { ...target, ...change });
    return target;
  };
  const { how } = target;
  if (!how) return save({ state: "returned", intent: undefined, endedAt });
  const begun = await findBegun(acting, target);
  if (begun) await save({ intent: undefined, refresh: begun });
  if (target.refresh?.towards === "previous") return target;
  const refreshes = await listRefreshes(entered.autoScaling, group.name);
  const active = refreshes.find(isActive);
  const own = active && active.id === target.refresh?.id ? active : undefined;
  const stays = await whyNoWayBack(acting, how);
  if (stays !== undefined) {
    // The running refresh continues: a half-replaced group is worse than either state.
    if (own) return save({ state: "refreshing", why: stays });
    const failed = stays !== FOLLOWS_CHANNEL;
    return save({
      state: failed ? "failed" : "done",
      failed: target.failed || failed,
      intent: undefined,
      endedAt,
      why: stays,
    });
  }
  if (how.mode === "parameter" && how.ring !== undefined) await writePlace(acting, how.ring);
  if (active && !own) return say(save, target, `another instance refresh, ${active.id}, is ${active.status}`);
  if (own) {
    await turnBack(acting, own, how.mode);
    return target;
  }
  const newest = refreshes[0]?.id;
  await save({
    intent: { at: endedAt, towards: "previous", ...(newest !== undefined && { newest }) },
    tries: target.tries + 1,
  });
  try {
    const asked = refreshSettings({ how, group, ami: undefined }, policy, 0);
    const id = await startRefresh(entered.autoScaling, group.name, asked as AskedRefresh);
    return await save({ intent: undefined, refresh: { id, towards: "previous" } });
  } catch (failure) {
    const refusal = toRefusal(failure);
    if (!refusal || refusal.code.startsWith("InstanceRefreshInProgress")) throw failure;
    const why = `not rolled back: ${refusal.code}: ${refusal.message}`;
    return save({ state: "failed", failed: true, intent: undefined, endedAt, why });
  }
}

/** Writes a reason only when it changes, not each minute. */
const say = async (
  save: (change: Partial<TargetRecord>) => Promise<TargetRecord>,
  target: TargetRecord,
  why: string,
): Promise<TargetRecord> => (target.why === why ? target : save({ why }));

/** Why the group's former AMI must not, or cannot, be launched. */
async function whyNoWayBack({ running, entered }: Acting, how: RolloutMode): Promise<string | undefined> {
  const { image, channel, record, invocation } = running;
  if (how.mode === "parameter") {
    if (how.ring === undefined) return FOLLOWS_CHANNEL;
    const ring = await findRing(invocation.ledger, { image, channel, wave: how.ring });
    const held = ring && ringHeld(ring, entered.account, entered.region);
    if (!held) return "not rolled back: its parameter has no other AMI";
    if (held.amiId === record.amis[entered.region]) return "not rolled back: its parameter has no earlier AMI";
    return (
      (await findStop(invocation.ledger, held.build)) && "not rolled back: the earlier build was revoked or undone"
    );
  }
  const amis = how.mode === "version" ? [how.previousAmi] : how.previousAmis;
  for (const ami of amis) {
    if (!(await findLaunched(entered.ec2, ami))) return `not rolled back: ${ami} can no longer be launched`;
  }
  return undefined;
}

const TURNABLE: ReadonlySet<string> = new Set(["Pending", "InProgress", "Baking"]);

async function turnBack({ entered, group }: Acting, { status }: Refresh, mode: RolloutMode["mode"]): Promise<void> {
  const { autoScaling } = entered;
  if (!TURNABLE.has(status)) return;
  try {
    if (mode !== "parameter" && (await rollBackRefresh(autoScaling, group.name))) return;
  } catch (failure) {
    if (!toRefusal(failure)?.code.startsWith("IrreversibleInstanceRefresh")) throw failure;
  }
  // Where AWS cannot roll back, cancel the refresh; another one returns the group.
  await cancelRefresh(autoScaling, group.name);
}
