import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { channelOf } from "../../adapters/channel/channels.ts";
import { listRead, readBatch } from "../../adapters/ledger/reads.ts";
import { continueTurns } from "../../adapters/rollout/executions.ts";
import { findTarget, listRollouts, rolloutOf } from "../../adapters/rollout/rollouts.ts";
import { hasEnded, isUnderWay } from "../../core/rollout/records.ts";
import { instanceRefresh } from "../../events/aws/instance-refresh.ts";
import { type BuildArn, channelName, imageName } from "../../events/ids.ts";
import { heldProver } from "../channel/put-copy.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { actOnGroup, groupsIn } from "./act-in-place.ts";
import type { AfterTurn } from "./end-roll-out.ts";
import { enterPlace, WrittenMeanwhile } from "./in-place.ts";
import { type ChannelOf, openRollout, policyOf } from "./open-roll-out.ts";
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
export async function rollOut(asked: z.output<typeof input>, invocation: Invocation<Env>): Promise<unknown> {
  if ("plan" in asked) return planRollout(asked.plan, invocation);
  if ("source" in asked) return hear(asked, invocation);
  return goOn(asked, invocation);
}

/** The builds of roll-outs by id, which never change: what the ledger says of them is read with the roll-out. */
const builds = new Map<string, BuildArn>();

async function goOn(
  { image, channel, id, nth, turn: count }: z.output<typeof turn>,
  invocation: Invocation<Env>,
): Promise<AfterTurn> {
  const build = builds.get(id);
  const [record, pointed, [usable]] = await readBatch(invocation.ledger, [
    rolloutOf({ image, channel }),
    channelOf(image, channel),
    listRead(build ? [usableOf(build)] : []),
  ]);
  if (record?.id !== id || nth % CONTINUED < (record.turns ?? 0)) return { next: "end" };
  builds.set(id, record.build);
  const after = await takeTurn(
    { image, channel },
    { record, pointed, usable: record.build === build ? usable : undefined },
    invocation,
  );
  if (after.next === "open") {
    await openNext({ image, channel }, id, invocation);
    return { next: "end" };
  }
  if (after.next === "wait" && count >= MOST_TURNS) {
    await startTurns({ image, channel, id, nth: nth + CONTINUED }, invocation);
    return { next: "end" };
  }
  return after;
}

const startTurns = (turns: Omit<z.output<typeof turn>, "turn">, { client, settings }: Invocation<Env>): Promise<void> =>
  continueTurns(client(SFNClient), settings.env.ROLLOUT_ARN, turns);

/** A roll-out has ended: starts the one that is due next, if any. */
async function openNext(at: ChannelOf, ended: string, invocation: Invocation<Env>): Promise<void> {
  const next = await openRollout(at, invocation);
  if (next && next.id !== ended && !hasEnded(next))
    await startTurns({ ...at, id: next.id, nth: next.revision }, invocation);
}

/**
 * Follows the group of an event, which does not include how its refresh ended, or why. If the refresh has ended, takes
 * the roll-out's next turn: its execution waits for minutes.
 */
async function hear(
  { account, region, detail }: z.output<typeof instanceRefresh.schema>,
  invocation: Invocation<Env>,
): Promise<{ followed: number }> {
  let followed = 0;
  for (const { image, channel, record } of await listRollouts(invocation.ledger)) {
    const policy = policyOf(invocation.settings, { image, channel });
    if (hasEnded(record) || !policy) continue;
    const place = { account, region, group: detail.AutoScalingGroupName };
    const target = await findTarget(invocation.ledger, { image, channel, rollout: record.id }, place);
    if (!target || !isUnderWay(target)) continue;
    const entered = await enterPlace(place, invocation);
    const targets = targetsOf({ image, channel, rollout: record.id }, invocation);
    try {
      const running = { image, channel, record, policy, invocation, prove: heldProver(invocation), targets };
      await actOnGroup({ running, entered, groups: groupsIn(entered), mayStart: false }, target);
    } catch (failure) {
      if (!(failure instanceof WrittenMeanwhile)) throw failure;
    }
    followed++;
    const after = await findTarget(invocation.ledger, { image, channel, rollout: record.id }, place);
    if (after && !isUnderWay(after)) await takeTurnNow({ image, channel }, record.id, invocation);
  }
  return { followed };
}

/** How often a turn is repeated that another one overtook. */
const TRIES = 3;

/** A turn beside those of the roll-out's execution; both compare and set what they write. */
async function takeTurnNow(at: ChannelOf, id: string, invocation: Invocation<Env>): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const [record, pointed] = await readBatch(invocation.ledger, [rolloutOf(at), channelOf(at.image, at.channel)]);
    if (record?.id !== id) return;
    const after = await takeTurn(at, { record, pointed }, invocation);
    if (after.next === "open") return openNext(at, id, invocation);
    if (after.next !== "wait" || after.seconds > 1) return;
  }
}

export const handler = lambda({ input, env: ["ROLLOUT_ARN", "MIRROR_CHANNEL_FUNCTION"], run: rollOut });
