import { LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { findChannel } from "../../adapters/channel/channels.ts";
import { listRollbacks, type RollbackRecord, recordRollbackOutcome } from "../../adapters/channel/rollbacks.ts";
import { callFunction, FunctionFailed } from "../../adapters/functions.ts";
import { findRollout } from "../../adapters/rollout/rollouts.ts";
import { whoMayDecide } from "../../core/approval/find-person.ts";
import { rollbackDecisions } from "../../core/channel/plan-rollback.ts";
import { sayRolledBack } from "../../core/channel/slack-rollback.ts";
import type { SlackOutcome } from "../../core/notice/slack-click.ts";
import {
  haltedSince,
  NOT_STEERED,
  type Steering,
  sayNotSteered,
  saySteered,
} from "../../core/rollout/slack-steering.ts";
import { buildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";

/** A request from Slack. */
export type SlackRequest = Omit<RollbackRecord, "outcome">;

/** The result; `error` if the request should be retried. */
interface AskedOutcome {
  readonly outcome: SlackOutcome;
  readonly error?: unknown;
}

type Asking = Invocation<"AWAITED_ROLL_BACK" | "AWAITED_STEER_ROLL_OUT">;

/** Moves a channel, or steers its roll-out, once for each request if the requester may, and records the outcome. */
export async function handleSlackRequest(asked: SlackRequest, invocation: Asking): Promise<AskedOutcome> {
  const known = (await listRollbacks(invocation.ledger, asked)).find(({ id }) => id === asked.id)?.outcome;
  if (known && known.kind !== "failed") return { outcome: known };
  const found = await decide(asked, invocation);
  await recordRollbackOutcome(invocation.ledger, asked, found.outcome);
  return found;
}

async function decide(asked: SlackRequest, invocation: Asking): Promise<AskedOutcome> {
  const { image, channel, identity, name } = asked;
  const verdict = whoMayDecide(invocation.settings.factory, { image, channel, identity });
  if (verdict.kind === "refused") {
    const kind = verdict.for === "them" ? "refused" : "over";
    return not(kind, asked, name ?? identity.slack, verdict.why);
  }
  const { person } = verdict;
  if (asked.steer) return steer({ ...asked, steer: asked.steer }, person, invocation);
  try {
    const answer = await callRollBack(asked, person, invocation);
    return { outcome: { kind: "done", text: sayRolledBack(asked, answer, person) } };
  } catch (error) {
    return afterFailure(error, asked, { person, decisions: rollbackDecisions });
  }
}

/** @param decisions errors that a retry would not change */
function afterFailure(
  error: unknown,
  asked: SlackRequest,
  { person, decisions }: { readonly person: string; readonly decisions: readonly string[] },
): AskedOutcome {
  if (error instanceof FunctionFailed && decisions.includes(error.type)) return not("over", asked, person, error.said);
  const said = error instanceof FunctionFailed ? error.said : String(error);
  return { ...not("failed", asked, person, `${said} It is retried`), error };
}

/** Continues or reverts a halted roll-out, once for each halt. */
async function steer(
  asked: SlackRequest & { readonly steer: Steering },
  person: string,
  invocation: Asking,
): Promise<AskedOutcome> {
  const { image, channel } = asked;
  const { action, rollout } = asked.steer;
  const earlier = (await listRollbacks(invocation.ledger, asked)).find(
    ({ id, outcome }) => id !== asked.id && outcome?.kind === "done",
  );
  if (earlier?.outcome) return not("over", asked, person, earlier.outcome.text);
  const record = await findRollout(invocation.ledger, asked);
  if (record && record.id === rollout && haltedSince(asked.steer, record))
    return not("over", asked, person, "it has halted again since; use the newer notice");
  try {
    const reason = fromSlack(asked);
    const event = { image, channel, action, rollout, by: person, reason };
    await callFunction(invocation.client(LambdaClient), invocation.settings.env.AWAITED_STEER_ROLL_OUT, event);
    return { outcome: { kind: "done", text: saySteered(asked, person) } };
  } catch (error) {
    return afterFailure(error, asked, { person, decisions: [NOT_STEERED] });
  }
}

const rolledBack = z.object({
  moved: z.boolean(),
  build: buildArn,
  previous: buildArn.optional(),
  regions: z.record(z.string(), z.string()),
});

/** A typed command has no message with a build: the channel's present state counts. */
async function callRollBack(asked: SlackRequest, person: string, { client, settings, ledger }: Asking) {
  const { id, image, channel, to } = asked;
  const from = asked.from ?? (await findChannel(ledger, image, channel))?.build;
  const answer = await callFunction(client(LambdaClient), settings.env.AWAITED_ROLL_BACK, {
    image,
    channel,
    by: person,
    reason: fromSlack(asked),
    request: `slack-${id}`,
    ...(from && { from }),
    ...(to && { to }),
  });
  return rolledBack.parse(answer);
}

const fromSlack = ({ identity, name }: SlackRequest): string =>
  `from Slack by ${name ? `@${name.slice(0, 100)} (${identity.slack})` : identity.slack}`;

/** The reply to a request that was not carried out. */
function not(
  kind: SlackOutcome["kind"],
  { image, channel, steer: asked }: SlackRequest,
  who: string,
  why: string,
): AskedOutcome {
  const ended = why.endsWith(".") ? why : `${why}.`;
  if (asked) return { outcome: { kind, text: sayNotSteered({ image, channel, steer: asked }, who, ended) } };
  return { outcome: { kind, text: `${image} ${channel} was not rolled back for ${who}: ${ended}` } };
}
