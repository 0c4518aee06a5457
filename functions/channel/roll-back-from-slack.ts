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
import { lambda } from "../lambda.ts";
import { botToken } from "../notice/bot-token.ts";
import type { Step } from "../step.ts";
import { type AskedFromSlack, askRollback } from "./ask-rollback.ts";

const input = z.object({
  /** The request's; the same for each try. */
  id: z.string().min(1).max(100),
  image: imageName,
  channel: channelName,
  from: buildArn.optional(),
  /** A build's ARN, or as people say it. */
  to: z.string().optional(),
  /** Where it is about a halted roll-out. */
  steer: steering.optional(),
  identity: z.strictObject({ slack: z.string() }),
  name: z.string().optional(),
  at: z.iso.datetime(),
  /** The message whose button was pressed, to be kept up to date. */
  message: clickedMessage.optional(),
  /** Where Slack takes a word for the one who asked. */
  responseUrl: z.url().optional(),
});

interface Where {
  readonly message: ClickedMessage | undefined;
  readonly responseUrl: string | undefined;
}

/**
 * Writes what came of all clicks so far below the message that they were made on, and tells the one who asked. Whoever
 * writes last has read what everybody else wrote down before.
 */
async function showRollback(
  asked: AskedFromSlack,
  { text }: SlackOutcome,
  { message, responseUrl }: Where,
  step: Step<"SLACK_API_URL">,
): Promise<void> {
  const { SLACK_API_URL: apiUrl } = step.settings.env;
  const buttons = toButtons(asked);
  if (message && buttons) {
    const outcomes = (await listRollbacks(step.ledger, asked)).flatMap(({ outcome }) => outcome ?? []);
    const blocks = toOutcomeBlocks(message, outcomes, buttons);
    await updateBlocks({ token: botToken(step), apiUrl }, message, blocks);
  }
  if (responseUrl) await replyInSlack(responseUrl, apiUrl, text);
}

/** Those of the message, which stay while they can be used; a command has none. */
function toButtons({ image, channel, from, to, steer }: AskedFromSlack): object | undefined {
  if (steer) return toHalt({ image, channel, ...steer });
  const back = buildArn.safeParse(to);
  return from && back.success ? toWayBack({ image, channel, from, to: back.data }) : undefined;
}

/**
 * Moves a channel back, or has its halted roll-out go on or back, for somebody in Slack, where they may, and tells them and whoever sees the message what came of it.
 * What fails is said, and fails: it is tried again, and goes on where it ended.
 */
export const handler = lambda({
  input,
  env: ["AWAITED_ROLL_BACK", "AWAITED_STEER_ROLL_OUT", "SLACK_API_URL"],
  async run({ message, responseUrl, ...asked }, step) {
    const { outcome, error } = await askRollback(asked, step);
    await showRollback(asked, outcome, { message, responseUrl }, step);
    if (error) throw error;
    return { outcome: outcome.kind, text: outcome.text };
  },
});
