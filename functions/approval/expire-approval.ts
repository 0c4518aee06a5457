import type * as z from "zod";
import { findApproval } from "../../adapters/approval/approvals.ts";
import { putEvent } from "../../adapters/bus.ts";
import { approvalExpired } from "../../events/approval.ts";
import { lambda } from "../lambda.ts";
import { channelStateInput } from "../promotion/promotion-input.ts";
import type { Step } from "../step.ts";
import { judgeAnswers, keepDecision } from "./read-approval.ts";
import { settleApproval } from "./settle-approval.ts";

/**
 * The time is over. What was answered in time and lies unread is read first: the ledger's decision is the one that
 * counts, and it may be another one.
 */
export async function expireApproval(
  { image, build, channel }: z.output<typeof channelStateInput>,
  step: Step,
): Promise<{ verdict: string }> {
  const record = await findApproval(step.ledger, { build, channel });
  if (!record) {
    // Nobody could be asked in all that time.
    await putEvent(step.bus, approvalExpired, { image, build, channel, answers: [] });
    return { verdict: "expired" };
  }
  const open = await judgeAnswers(record, step);
  const judged = open.record.decided ? open : await keepDecision(open, { verdict: "expired" }, step);
  await settleApproval(judged, step);
  return { verdict: judged.record.decided?.verdict ?? "expired" };
}

export const handler = lambda({
  input: channelStateInput,
  run: expireApproval,
});
