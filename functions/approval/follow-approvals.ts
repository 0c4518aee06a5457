import { type ApprovalRecord, listOpenApprovals, recordReminded } from "../../adapters/approval/approvals.ts";
import { putEvent } from "../../adapters/bus.ts";
import { decideApproval, followApproval } from "../../core/approval/decide-approval.ts";
import { approvalRequested } from "../../events/approval.ts";
import { driftRepaired } from "../../events/repair.ts";
import type { Standing } from "../promotion/find-superseding.ts";
import type { Followed } from "../repair/while-announced.ts";
import type { Step } from "../step.ts";
import { readStanding } from "./read-approval.ts";

/**
 * Checks every unsettled approval: sends reminders, and passes on approvals that wait in vain or were left unfinished.
 * @param states of images, as they were just read
 * @param resolve passes an approval to `resolve-approval` for repair
 * @returns how many were left unfinished, and whether any is open
 */
export async function followApprovals(
  step: Step,
  states: ReadonlyMap<string, Standing>,
  resolve: (approval: ApprovalRecord) => Promise<void>,
): Promise<Followed> {
  let lost = 0;
  const waiting = await listOpenApprovals(step.ledger);
  for (const approval of waiting) {
    const { situation, unjudged, over } = await readStanding(
      approval,
      states.get(approval.image) ?? { builds: [], channels: {} },
      step,
    );
    const { counted } = situation;
    const decidable = decideApproval(situation) !== undefined;
    const left = unjudged[0]?.at ?? (decidable ? counted.at(-1)?.at : undefined);
    const seen = { left, answered: counted.length > 0, over: over?.ends ?? false };
    const wanted = followApproval(approval, seen, step.now);
    if (wanted === "remind") await remind(approval, step);
    if (wanted === "resolve" || wanted === "withdraw") await resolve(approval);
    if (wanted !== "resolve") continue;
    lost++;
    const { image, build, channel } = approval;
    const repair = `the approval of ${build} for ${channel} had been left unfinished`;
    await putEvent(step.bus, driftRepaired, { image, repair });
  }
  return { repaired: lost, open: waiting.length > 0 };
}

/** Publishes before it records: after a crash in between, the reminder is sent twice instead of never. */
async function remind(approval: ApprovalRecord, { ledger, bus, now }: Step): Promise<void> {
  const { image, build, channel, approvers, required, expiresAt } = approval;
  await putEvent(bus, approvalRequested, { image, build, channel, approvers, required, expiresAt, reminder: true });
  await recordReminded(ledger, approval, now.toISOString());
}
