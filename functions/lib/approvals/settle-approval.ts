import { SFNClient } from "@aws-sdk/client-sfn";
import { putEvent } from "../../../adapters/bus.ts";
import { recordSettled } from "../../../adapters/ledger/approvals.ts";
import { recordGateApproved } from "../../../adapters/ledger/evidence.ts";
import { answerTask } from "../../../adapters/task-token.ts";
import { approvalDenied, approvalExpired, approvalGranted } from "../../../events/approval.ts";
import { promotionSuperseded } from "../../../events/promotion-superseded.ts";
import type { Step } from "../step.ts";
import type { ReadApproval } from "./read-approval.ts";

/**
 * What follows from a decision: the promotion goes on or ends, and people hear of it. A crash in between leaves it
 * unsettled, and all of it is done again.
 */
export async function settleApproval({ record, situation }: ReadApproval, step: Step): Promise<void> {
  const { image, build, channel, token, decided } = record;
  if (!decided) return;
  const { ledger, bus, client } = step;
  // Whoever settled it may have died before it was off the list of those that are open.
  if (record.settled) return void (await recordSettled(ledger, record));
  const subject = { image, build, channel };
  const answers = [...situation.counted];
  const goOn = () => answerTask(client(SFNClient), token, { verdict: decided.verdict });
  switch (decided.verdict) {
    case "granted":
      await recordGateApproved(
        ledger,
        build,
        answers.map(({ person }) => person),
      );
      await goOn();
      await putEvent(bus, approvalGranted, { ...subject, answers });
      break;
    case "denied":
      await goOn();
      await putEvent(bus, approvalDenied, { ...subject, answers });
      break;
    case "withdrawn":
      await goOn();
      // Of a revoked build people hear by its revocation.
      if (decided.by) await putEvent(bus, promotionSuperseded, { ...subject, by: decided.by });
      break;
    case "expired":
      await putEvent(bus, approvalExpired, { ...subject, answers });
      break;
  }
  await recordSettled(ledger, record);
}
