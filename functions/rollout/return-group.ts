import {
  type AskedRefresh,
  cancelRefresh,
  listRefreshes,
  rollBackRefresh,
  startRefresh,
} from "../../adapters/rollout/refreshes.ts";
import { toRefusal } from "../../adapters/share/consumer.ts";
import { refreshSettings } from "../../core/rollout/ask-refresh.ts";
import { findIntended, isActive } from "../../core/rollout/follow-refresh.ts";
import type { TargetRecord } from "../../core/rollout/records.ts";
import { type Acting, saveTarget } from "./in-place.ts";
import { writePlace } from "./ring-places.ts";

/**
 * Takes a group back to what it had: AWS's own rollback while its refresh is under way and AWS can, otherwise a refresh of
 * its own towards the former configuration. Called until the group is `returned` or `failed`.
 */
export async function returnGroup(acting: Acting, target: TargetRecord): Promise<TargetRecord> {
  const { running, entered, group } = acting;
  const { policy, step } = running;
  const { how } = target;
  const save = (before: TargetRecord, change: Partial<TargetRecord>) =>
    saveTarget(running, before, { ...before, ...change });
  const endedAt = step.now.toISOString();
  if (!how) return save(target, { state: "returned", endedAt });
  if (how.mode === "parameter" && how.ring !== undefined) await writePlace(acting, how.ring);
  const refreshes = await listRefreshes(entered.autoScaling, group.name);
  const asked = refreshSettings({ how, group, ami: undefined }, policy, 0);
  const own = findIntended(refreshes, target, asked);
  if (target.intent?.towards === "previous" && own) {
    return save(target, { intent: undefined, refresh: { id: own.id, towards: "previous" } });
  }
  const active = refreshes.find(isActive);
  if (active) {
    if (active.id !== target.refresh?.id)
      return save(target, { why: `somebody else's refresh ${active.id} is ${active.status}` });
    if (
      target.refresh.towards === "new" &&
      (active.status === "InProgress" || active.status === "Pending" || active.status === "Baking")
    ) {
      await turnBack(acting, how.mode);
    }
    return target;
  }
  const newest = refreshes[0]?.id;
  try {
    const at = step.now.toISOString();
    const intended = await save(target, {
      intent: { at, towards: "previous", ...(newest !== undefined && { newest }) },
      tries: target.tries + 1,
    });
    const id = await startRefresh(entered.autoScaling, group.name, asked as AskedRefresh);
    return await save(intended, { intent: undefined, refresh: { id, towards: "previous" } });
  } catch (failure) {
    const refusal = toRefusal(failure);
    if (!refusal || refusal.code.startsWith("InstanceRefreshInProgress")) throw failure;
    const why = `it could not be taken back: ${refusal.code}: ${refusal.message}`;
    const { revision } = target;
    return saveTarget(
      running,
      { ...target, revision: revision + 1 },
      { ...target, state: "failed", failed: true, endedAt, why },
    );
  }
}

async function turnBack({ entered, group }: Acting, mode: "parameter" | "version" | "override"): Promise<void> {
  if (mode === "parameter") return cancelRefresh(entered.autoScaling, group.name);
  try {
    await rollBackRefresh(entered.autoScaling, group.name);
  } catch (failure) {
    // Where AWS cannot go back, the refresh is ended, and another one goes back.
    if (toRefusal(failure)?.code.startsWith("IrreversibleInstanceRefresh")) {
      await cancelRefresh(entered.autoScaling, group.name);
    } else throw failure;
  }
}
