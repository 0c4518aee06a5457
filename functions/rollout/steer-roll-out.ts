import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import { continueTurns } from "../../adapters/rollout/executions.ts";
import { findRollout, putRollout } from "../../adapters/rollout/rollouts.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import type { RolloutRecord } from "../../core/rollout/records.ts";
import type { steered } from "../../core/rollout/slack-steering.ts";
import { channelName, imageName } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";

const input = z.strictObject({
  image: imageName,
  channel: channelName,
  action: z.enum(["halt", "resume", "back"]),
  /** The roll-out that the requester saw. Default: the channel's newest. */
  rollout: z.string().optional(),
  by: z.string().min(1).max(200),
  reason: z.string().min(1).max(500),
});
type Asked = z.output<typeof input>;

type Steering = Invocation<"ROLLOUT_ARN">;

/** Enough, because concurrent writes are rare. */
const TRIES = 5;

/**
 * Halts, resumes or reverts a roll-out on a user's request.
 * @throws NotSteered where that is not possible
 */
export async function steer(asked: Asked, invocation: Steering): Promise<z.input<typeof steered>> {
  for (let tries = 0; tries < TRIES; tries++) {
    const record = await findRollout(invocation.ledger, asked);
    const of = `${asked.image} ${asked.channel}`;
    if (!record) throw new NotSteered(`${of} has no roll-out yet: the next move of the channel must start one`);
    if (asked.rollout !== undefined && asked.rollout !== record.id) {
      throw new NotSteered(
        `another roll-out of ${of} has begun since, of ${buildVersion(record.build)}; repeat the command for that one`,
      );
    }
    const next = await changeOf(asked, record, invocation);
    if (!next) return { rollout: record.id, build: record.build, state: record.state, already: true };
    const change = { changedAt: invocation.now.toISOString(), turns: record.revision + 1 };
    const written = await putRollout(invocation.ledger, asked, record, { ...next, ...change });
    if (!written) continue;
    // The execution that takes turns now may be in a wait of an hour.
    await continueTurns(invocation.client(SFNClient), invocation.settings.env.ROLLOUT_ARN, {
      image: asked.image,
      channel: asked.channel,
      id: written.id,
      nth: written.revision,
    });
    return { rollout: written.id, build: written.build, state: written.state, already: false };
  }
  throw new NotSteered("its record keeps changing; try again");
}

async function changeOf(asked: Asked, record: RolloutRecord, invocation: Steering): Promise<RolloutRecord | undefined> {
  const { action, by, reason } = asked;
  const { state } = record;
  const why = `${by}: ${reason}`;
  if (action === "halt") {
    if (state === "halted") return undefined;
    if (state !== "running") throw new NotSteered(`it is ${state}: only a running roll-out can be halted`);
    return { ...record, state: "halted", why, by, told: false };
  }
  if (action === "resume") {
    if (state === "running") return undefined;
    if (state !== "halted") throw new NotSteered(`it is ${state}: only a halted roll-out can be resumed`);
    return { ...record, state: "running", why: undefined, by, resumed: true };
  }
  if (state === "returning") return undefined;
  if (state === "returned" || state === "superseded")
    throw new NotSteered(`it is ${state}: only a running or halted roll-out can be reverted`);
  const { previous } = record;
  if (previous && (await findRevocation(invocation.ledger, previous))) {
    throw new NotSteered(
      `it would return to ${buildVersion(previous)}, which is revoked: promote another build, or roll the channel back`,
    );
  }
  return { ...record, state: "returning", why, by, endedAt: undefined, told: false };
}

/** A decision; a retry would not change it. */
class NotSteered extends Error {
  override readonly name = "NotSteered";
}

export const handler = lambda({ input, env: ["ROLLOUT_ARN"], run: steer });
