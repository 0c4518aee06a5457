import { listRollbacks } from "../../../adapters/ledger/rollbacks.ts";
import { updateBlocks } from "../../../adapters/slack.ts";
import { replyInSlack } from "../../../adapters/slack-reply.ts";
import type { ClickedMessage } from "../../../core/read-slack-rollback.ts";
import { type RollbackOutcome, toRollbackBlocks } from "../../../core/say-rollback.ts";
import { buildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";
import type { AskedFromSlack } from "./ask-rollback.ts";

interface Where {
  readonly message: ClickedMessage | undefined;
  readonly responseUrl: string | undefined;
}

/**
 * Writes what came of all clicks so far below the message that they were made on, and tells the one who asked. Whoever
 * writes last has read what everybody else wrote down before.
 */
export async function showRollback(
  asked: AskedFromSlack,
  { text }: RollbackOutcome,
  { message, responseUrl }: Where,
  { ledger, settings }: Step<"SLACK_BOT_TOKEN" | "SLACK_API_URL">,
): Promise<void> {
  const { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl } = settings.env;
  const { image, channel, from } = asked;
  const to = buildArn.safeParse(asked.to);
  if (message && from && to.success) {
    const outcomes = (await listRollbacks(ledger, asked)).flatMap(({ outcome }) => outcome ?? []);
    const blocks = toRollbackBlocks(message, outcomes, { image, channel, from, to: to.data });
    await updateBlocks({ token, apiUrl }, message, blocks);
  }
  if (responseUrl) await replyInSlack(responseUrl, apiUrl, text);
}
