import { findChannel } from "../../adapters/channel/channels.ts";
import { openingAt } from "../../core/rollout/opening.ts";
import { type PlannedGroup, planSteps, type RolloutPlan } from "../../core/rollout/plan-rollout.ts";
import type { RolloutRecord } from "../../core/rollout/records.ts";
import { placeOf } from "../../core/rollout/ring.ts";
import { stepsOf } from "../../core/rollout/waves.ts";
import { amiId, type BuildArn } from "../../events/ids.ts";
import { heldProver } from "../channel/put-copy.ts";
import type { Invocation } from "../invocation.ts";
import { inAccounts, sayFailure } from "../share/in-accounts.ts";
import { enterPlace, type Running } from "./in-place.ts";
import { type Listed, listGroups } from "./list-groups.ts";
import { type ChannelOf, paceOf, policyOf } from "./open-roll-out.ts";
import { prepareGroup } from "./start-group.ts";
import { targetsOf } from "./targets.ts";

/** What a roll-out of a channel's present build would do if it started now. */
export interface PlannedRollout extends RolloutPlan, ChannelOf {
  readonly build: BuildArn;
  /** Why no instance may be replaced now, and until when. */
  readonly closed?: { readonly why: string; readonly until?: string } | undefined;
  /** Accounts and regions whose groups could not be listed. */
  readonly unknown: readonly { readonly account: string; readonly region: string; readonly why: string }[];
}

/** @throws NothingToRollOut */
export async function planRollout(at: ChannelOf, invocation: Invocation): Promise<PlannedRollout> {
  const policy = policyOf(invocation.settings, at);
  if (!policy) throw new NothingToRollOut(`${at.image} ${at.channel} has no rollout in the config; add it and deploy`);
  const pointed = await findChannel(invocation.ledger, at.image, at.channel);
  if (!pointed) throw new NothingToRollOut(`${at.image} ${at.channel} points at nothing; it must have a build first`);
  const kind = await paceOf(policy, pointed, invocation);
  const steps = stepsOf(policy, kind);
  const amis = Object.entries(pointed.amis).flatMap(([region, id]) =>
    amiId.safeParse(id).success ? [[region, id]] : [],
  );
  const now = invocation.now.toISOString();
  const record: RolloutRecord = {
    id: "plan",
    kind,
    build: pointed.build,
    amis: Object.fromEntries(amis),
    movedAt: pointed.movedAt,
    steps,
    index: 0,
    state: "running",
    startedAt: now,
    changedAt: now,
    told: true,
    resumed: false,
    revision: 0,
  };
  const prove = heldProver(invocation);
  const targets = targetsOf({ ...at, rollout: record.id }, invocation);
  const { groups, unknown } = await listGroups(at, invocation);
  const planned: PlannedGroup[] = [];
  const places = [...Map.groupBy(groups, ({ group }) => placeOf(group.account, group.region)).values()];
  await inAccounts(places, async (listed) => {
    for (const one of listed) planned.push(await planGroup(one, { ...at, record, policy, invocation, prove, targets }));
  });
  const opening = openingAt(policy, invocation.settings.factory.blackouts, at.image, invocation.now);
  const closed = opening.open
    ? undefined
    : { why: opening.why, ...(opening.until && { until: opening.until.toISOString() }) };
  return {
    ...at,
    build: pointed.build,
    ...(closed && { closed }),
    ...planSteps(planned, steps),
    unknown: unknown.map(({ passing: _, ...one }) => one),
  };
}

async function planGroup({ group, taken }: Listed, running: Running): Promise<PlannedGroup> {
  const { account, region, name, desired } = group;
  const of = { account, region, group: name, desired };
  if (!("wave" in taken)) return { ...of, wave: "", state: "skipped", why: taken.why };
  const { wave } = taken;
  try {
    const entered = await enterPlace(group, running.invocation);
    const prepared = await prepareGroup({ running, entered, group }, { wave });
    if (prepared.kind === "ready") return { ...of, wave, mode: prepared.how.mode, state: "pending" };
    const { state, why } = prepared.change;
    return { ...of, wave, state: state === "held" ? "held" : "skipped", ...(why && { why }) };
  } catch (failure) {
    return { ...of, wave, state: "held", why: sayFailure(failure) };
  }
}

/** The channel has no roll-out policy or no build. */
class NothingToRollOut extends Error {
  override readonly name = "NothingToRollOut";
}
