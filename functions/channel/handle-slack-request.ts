import * as z from "zod";
import { listRollbacks } from "../../adapters/channel/rollbacks.ts";
import { updateBlocks } from "../../adapters/notice/slack.ts";
import { replyInSlack } from "../../adapters/notice/slack-reply.ts";
import { toHalt, toWayBack } from "../../core/notice/slack-blocks.ts";
import {
  type ClickedMessage,
  clickedMessage,
  type SlackOutcome,
  toOutcomeBlocks,
} from "../../core/notice/slack-click.ts";
import { steering } from "../../core/rollout/slack-steering.ts";
import { buildArn, channelName, imageName } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { botToken } from "../notice/bot-token.ts";
import { handleSlackRequest, type SlackRequest } from "./slack-request.ts";

const input = z.object({
  /** The request's id; the same for each try. */
  id: z.string().min(1).max(100),
  image: imageName,
  channel: channelName,
  from: buildArn.optional(),
  /** A build's ARN or version, as typed. */
  to: z.string().optional(),
  /** For a halted roll-out. */
  steer: steering.optional(),
  identity: z.strictObject({ slack: z.string() }),
  name: z.string().optional(),
  at: z.iso.datetime(),
  /** The message whose button was clicked; it is updated. */
  message: clickedMessage.optional(),
  /** Where Slack accepts a reply to the requester. */
  responseUrl: z.url().optional(),
});

interface Where {
  readonly message: ClickedMessage | undefined;
  readonly responseUrl: string | undefined;
}

/**
 * Adds the outcome of every click so far to the message, and replies to the requester. Outcomes are recorded before
 * they are read, so the last update shows all of them.
 */
async function showOutcome(
  asked: SlackRequest,
  { text }: SlackOutcome,
  { message, responseUrl }: Where,
  invocation: Invocation<"SLACK_API_URL">,
): Promise<void> {
  const { SLACK_API_URL: apiUrl } = invocation.settings.env;
  const buttons = toButtons(asked);
  if (message && buttons) {
    const outcomes = (await listRollbacks(invocation.ledger, asked)).flatMap(({ outcome }) => outcome ?? []);
    const blocks = toOutcomeBlocks(message, outcomes, buttons);
    await updateBlocks({ token: botToken(invocation), apiUrl }, message, blocks);
  }
  if (responseUrl) await replyInSlack(responseUrl, apiUrl, text);
}

/** The message's buttons, which stay while they are usable; a command has none. */
function toButtons({ image, channel, from, to, steer }: SlackRequest): object | undefined {
  if (steer) return toHalt({ image, channel, ...steer });
  const back = buildArn.safeParse(to);
  return from && back.success ? toWayBack({ image, channel, from, to: back.data }) : undefined;
}

/**
 * Rolls a channel back, or continues or reverts its halted roll-out, for a Slack user who may, and reports the outcome
 * to the user and in the message. A failure is reported and thrown: the retry resumes it.
 */
export const handler = lambda({
  input,
  env: ["AWAITED_ROLL_BACK", "AWAITED_STEER_ROLL_OUT", "SLACK_API_URL"],
  async run({ message, responseUrl, ...asked }, invocation) {
    const { outcome, error } = await handleSlackRequest(asked, invocation);
    await showOutcome(asked, outcome, { message, responseUrl }, invocation);
    if (error) throw error;
    return { outcome: outcome.kind, text: outcome.text };
  },
});
