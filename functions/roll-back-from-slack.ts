import * as z from "zod";
import { clickedMessage } from "../core/read-slack-rollback.ts";
import { buildArn, channelName, imageName } from "../events/ids.ts";
import { lambda } from "./lib/lambda.ts";
import { askRollback } from "./lib/slack/ask-rollback.ts";
import { showRollback } from "./lib/slack/show-rollback.ts";

const input = z.object({
  /** The request's; the same for each try. */
  id: z.string().min(1).max(100),
  image: imageName,
  channel: channelName,
  from: buildArn.optional(),
  /** A build's ARN, or as people say it. */
  to: z.string().optional(),
  identity: z.strictObject({ slack: z.string() }),
  name: z.string().optional(),
  at: z.iso.datetime(),
  /** The message whose button was pressed, to be kept up to date. */
  message: clickedMessage.optional(),
  /** Where Slack takes a word for the one who asked. */
  responseUrl: z.url().optional(),
});

/**
 * Moves a channel back for somebody in Slack, where they may, and tells them and whoever sees the message what came of it.
 * What fails is said, and fails: it is tried again, and goes on where it ended.
 */
export const handler = lambda({
  input,
  env: ["AWAITED_ROLL_BACK", "SLACK_BOT_TOKEN", "SLACK_API_URL"],
  async run({ message, responseUrl, ...asked }, step) {
    const { outcome, error } = await askRollback(asked, step);
    await showRollback(asked, outcome, { message, responseUrl }, step);
    if (error) throw error;
    return { outcome: outcome.kind, text: outcome.text };
  },
});
