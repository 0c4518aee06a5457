import * as z from "zod";
import { findApproval, listOpenApprovals, openApproval } from "../../adapters/approval/approvals.ts";
import { putEvent } from "../../adapters/bus.ts";
import { approvalRequested } from "../../events/approval.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { channelStateInput } from "../promotion/promotion-input.ts";
import { judgeAnswers } from "./read-approval.ts";
import { resolveApproval, settleApproval } from "./settle-approval.ts";

const approval = z.object({
  approvers: z.array(z.string()).min(1),
  required: z.int().min(1),
  timeoutSeconds: z.int().min(1),
  remindAfterSeconds: z.int().min(1).optional(),
});

const input = channelStateInput.extend({ token: z.string().min(1), approval });

/**
 * Requests approval of a build for a channel. The task token of Step Functions is stored in the ledger only. If no
 * approval is required now, the wait ends at once.
 */
export async function requestApproval(
  { image, build, channel, token, approval: { approvers, required, ...times } }: z.output<typeof input>,
  invocation: Invocation,
): Promise<{ asked: boolean }> {
  const { ledger, bus, now } = invocation;
  const subject = { image, build, channel };
  const moments = toMoments(times, now);
  const undecided = await openApproval(ledger, { ...subject, token, approvers, required, ...moments });
  const record = await findApproval(ledger, subject);
  if (!record) throw new ApprovalLost(build, channel);
  // Answers to an earlier try may have decided; a newer build may exist.
  const judged = await judgeAnswers(record, invocation);
  if (!undecided || judged.record.decided) {
    await settleApproval(judged, invocation);
    return { asked: false };
  }
  await withdrawOlder(subject, invocation);
  const { expiresAt } = record;
  await putEvent(bus, approvalRequested, { ...subject, approvers, required, expiresAt });
  return { asked: true };
}

type Times = Pick<z.output<typeof approval>, "timeoutSeconds" | "remindAfterSeconds">;

function toMoments({ timeoutSeconds, remindAfterSeconds }: Times, now: Date) {
  const after = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
  return {
    requestedAt: now.toISOString(),
    expiresAt: after(timeoutSeconds),
    ...(remindAfterSeconds !== undefined && { remindAt: after(remindAfterSeconds) }),
  };
}

/** Approvers decide about one build at a time: this one supersedes builds that wait for the same channel. */
async function withdrawOlder(
  { image, build, channel }: { image: string; build: string; channel: string },
  invocation: Invocation,
): Promise<void> {
  for (const other of await listOpenApprovals(invocation.ledger)) {
    if (other.image === image && other.channel === channel && other.build !== build) {
      await resolveApproval(other, invocation);
    }
  }
}

/** A record that was just written is missing. */
class ApprovalLost extends Error {
  override readonly name = "ApprovalLost";

  constructor(build: string, channel: string) {
    super(
      `The ledger has no approval of ${build} for ${channel} although it was just recorded; a retry records it again.`,
    );
  }
}

export const handler = lambda({ input, run: requestApproval });
