import { LambdaClient } from "@aws-sdk/client-lambda";
import { invokeLater } from "../../../adapters/functions.ts";
import { recordRollback } from "../../../adapters/ledger/rollbacks.ts";
import type { SlackRollback } from "../../../core/read-slack-rollback.ts";
import type { Step } from "../step.ts";

/** Keeps that somebody wants a channel to go back, and has somebody else see whether they may. */
export async function takeRollback(
  { user, message, responseUrl, ...asked }: SlackRollback,
  id: string,
  step: Step<"ROLL_BACK_FROM_SLACK_FUNCTION">,
): Promise<void> {
  const { ledger, client, settings, now } = step;
  const request = { ...asked, id, identity: { slack: user }, at: now.toISOString() };
  await recordRollback(ledger, request);
  await invokeLater(client(LambdaClient), settings.env.ROLL_BACK_FROM_SLACK_FUNCTION, {
    ...request,
    ...(message && { message }),
    ...(responseUrl && { responseUrl }),
  });
}
