import type * as z from "zod";
import { findApproval } from "../../adapters/approval/approvals.ts";
import { putEvent } from "../../adapters/bus.ts";
import { approvalExpired } from "../../events/approval.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { channelStateInput } from "../promotion/promotion-input.ts";
import { judgeAnswers, keepDecision } from "./read-approval.ts";
import { settleApproval } from "./settle-approval.ts";

/**
 * The timeout has passed. Answers that arrived in time are judged first: the decision in the ledger counts, and it may
 * differ.
 */
export async function expireApproval(
  { image, build, channel }: z.output<typeof channelStateInput>,
  invocation: Invocation,
): Promise<{ verdict: string }> {
  const record = await findApproval(invocation.ledger, { build, channel });
  if (!record) {
    // The request was never recorded.
    await putEvent(invocation.bus, approvalExpired, { image, build, channel, answers: [] });
    return { verdict: "expired" };
  }
  const open = await judgeAnswers(record, invocation);
  const judged = open.record.decided ? open : await keepDecision(open, { verdict: "expired" }, invocation);
  await settleApproval(judged, invocation);
  return { verdict: judged.record.decided?.verdict ?? "expired" };
}

export const handler = lambda({ input: channelStateInput, run: expireApproval });
