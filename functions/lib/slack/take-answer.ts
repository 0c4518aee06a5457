import { LambdaClient } from "@aws-sdk/client-lambda";
import { invokeLater } from "../../../adapters/functions.ts";
import { recordAnswer } from "../../../adapters/ledger/approvals.ts";
import type { SlackAnswer } from "../../../core/read-slack-answer.ts";
import type { Step } from "../step.ts";

/** Keeps an answer to an approval, and has somebody else decide over it. */
export async function takeAnswer(
  answer: SlackAnswer,
  id: string,
  step: Step<"RESOLVE_APPROVAL_FUNCTION">,
): Promise<void> {
  const { ledger, client, settings, now } = step;
  const { build, channel, user, name, verdict, responseUrl } = answer;
  await recordAnswer(
    ledger,
    { build, channel },
    { id, identity: { slack: user }, ...(name && { name }), verdict, via: "slack", at: now.toISOString() },
  );
  await invokeLater(client(LambdaClient), settings.env.RESOLVE_APPROVAL_FUNCTION, {
    build,
    channel,
    answer: id,
    ...(responseUrl && { responseUrl }),
  });
}
