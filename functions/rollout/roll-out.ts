import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { channelOf } from "../../adapters/channel/channels.ts";
import { readTogether, together } from "../../adapters/ledger/wanted.ts";
import { continueTurns } from "../../adapters/rollout/executions.ts";
import { findTarget, listRollouts, rolloutOf } from "../../adapters/rollout/rollouts.ts";
import { hasEnded, isUnderWay } from "../../core/rollout/records.ts";
import { instanceRefresh } from "../../events/aws/instance-refresh.ts";
import { type BuildArn, channelName, imageName } from "../../events/ids.ts";
import { heldProver } from "../channel/put-copy.ts";
import { lambda } from "../lambda.ts";
import type { Step } from "../step.ts";
import { actOnGroup, groupsIn } from "./act-in-place.ts";
import type { AfterTurn } from "./end-roll-out.ts";
import { enterPlace, WrittenMeanwhile } from "./in-place.ts";
import { openRollout, policyOf } from "./open-roll-out.ts";
import { planRollout } from "./plan-roll-out.ts";
import { takeTurn, usableOf } from "./take-turn.ts";
import { targetsOf } from "./targets.ts";

type Env = "ROLLOUT_ARN" | "MIRROR_CHANNEL_FUNCTION";

/**
 * Step Functions allows 25,000 events per execution (developer guide, "Quotas"); a turn with its wait takes about
 * eight.
 */
const MOST_TURNS = 2_500;
/** Separates the numbers of consecutive executions; exceeds any record's revision. */
const CONTINUED = 1_000_000;

const turn = z.strictObject({ image: imageName, channel: channelName, id: z.string(), nth: z.int(), turn: z.int() });
const plan = z.strictObject({ plan: z.strictObject({ image: imageName, channel: channelName }) });
const input = z.union([turn, plan, instanceRefresh.schema]);

/** Takes one turn of a roll-out, follows one group on an event, or plans a roll-out. */
export async function rollOut(asked: z.output<typeof input>, step: Step<Env>): Promise<unknown> {
  if ("plan" in asked) return planRollout(asked.plan, step);
  if ("source" in asked) return hear(asked, step);
  return goOn(asked, step);
}

/** The builds of roll-outs by id, which never change: what the ledger says of them is read with the roll-out. */
const builds = new Map<string, BuildArn>();

async function goOn(
  { image, channel, id, nth, turn: count }: z.output<typeof turn>,
  step: Step<Env>,
): Promise<AfterTurn> {
  const build = builds.get(id);
  const [record, pointed, [usable]] = await readTogether(step.ledger, [
    rolloutOf({ image, channel }),
    channelOf(image, channel),
    together(build ? [usableOf(build)] : []),
  ]);
  if (record?.id !== id || nth % CONTINUED < (record.turns ?? 0)) return { next: "end" };
  builds.set(id, record.build);
  const after = await takeTurn(
    { image, channel },
    { record, pointed, usable: record.build === build ? usable : undefined },
    step,
  );
  const start = (next: { id: string; nth: number }) =>
    continueTurns(step.client(SFNClient), step.settings.env.ROLLOUT_ARN, { image, channel, ...next });
  if (after.next === "open") {
    const next = await openRollout({ image, channel }, step);
    if (next && next.id !== id && !hasEnded(next)) await start({ id: next.id, nth: next.revision });
    return { next: "end" };
  }
  if (after.next === "wait" && count >= MOST_TURNS) {
    await start({ id, nth: nth + CONTINUED });
    return { next: "end" };
  }
  return after;
}

/** Follows the group of an event, which does not include how its refresh ended, or why. */
async function hear(
  { account, region, detail }: z.output<typeof instanceRefresh.schema>,
  step: Step<Env>,
): Promise<{ followed: number }> {
  let followed = 0;
  for (const { image, channel, record } of await listRollouts(step.ledger)) {
    const policy = policyOf(step.settings, { image, channel });
    if (hasEnded(record) || !policy) continue;
    const place = { account, region, group: detail.AutoScalingGroupName };
    const target = await findTarget(step.ledger, { image, channel, rollout: record.id }, place);
    if (!target || !isUnderWay(target)) continue;
    const entered = await enterPlace(place, step);
    const targets = targetsOf({ image, channel, rollout: record.id }, step);
    try {
      const running = { image, channel, record, policy, step, prove: heldProver(step), targets };
      await actOnGroup({ running, entered, groups: groupsIn(entered), mayStart: false }, target);
    } catch (failure) {
      if (!(failure instanceof WrittenMeanwhile)) throw failure;
    }
    followed++;
  }
  return { followed };
}

export const handler = lambda({ input, env: ["ROLLOUT_ARN", "MIRROR_CHANNEL_FUNCTION"], run: rollOut });
