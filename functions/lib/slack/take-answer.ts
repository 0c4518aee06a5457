import { invokeLater } from "../../../adapters/functions.ts";
import { recordAnswer } from "../../../adapters/ledger/approvals.ts";
import type { SlackAnswer } from "../../../core/read-slack-answer.ts";
import type { DoorStep } from "./door-step.ts";

/** Keeps an answer to an approval, and has somebody else decide over it. */
export async function takeAnswer(answer: SlackAnswer, id: string, step: DoorStep): Promise<void> {
  const { ledger, clients, settings, now } = step;
  const { build, channel, user, name, verdict, responseUrl } = answer;
  await recordAnswer(
    ledger,
    { build, channel },
    { id, identity: { slack: user }, ...(name && { name }), verdict, via: "slack", at: now.toISOString() },
  );
  await invokeLater(clients.functions, settings.env.RESOLVE_APPROVAL_FUNCTION, {
    build,
    channel,
    answer: id,
    ...(responseUrl && { responseUrl }),
  });
}
