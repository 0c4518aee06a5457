import {
  type ApprovalRecord,
  listOpenWith,
  type OpenApproval,
  recordReminded,
} from "../../adapters/approval/approvals.ts";
import { putEvent } from "../../adapters/bus.ts";
import { type Revocation, revocationOf } from "../../adapters/revocation/revocations.ts";
import { decideApproval, dependsOnAnswers, followApproval } from "../../core/approval/decide-approval.ts";
import { approvalRequested } from "../../events/approval.ts";
import { driftRepaired } from "../../events/repair.ts";
import type { Invocation } from "../invocation.ts";
import type { Standing } from "../promotion/find-superseding.ts";
import type { Hour } from "../repair/read-hour.ts";
import { type Followed, keepAnnounced } from "../repair/while-announced.ts";
import { findOver, readStanding } from "./read-approval.ts";

/**
 * Checks every unsettled approval: sends reminders, and passes on approvals that wait in vain or were left unfinished.
 * Answers are announced: without an announcement, only a reminder that is due needs them.
 * @param resolve passes an approval to `resolve-approval` for repair
 * @returns how many were left unfinished, and whether any is open
 */
export async function followApprovals(
  invocation: Invocation,
  hour: Pick<Hour, "states" | "work" | "full">,
  resolve: (approval: ApprovalRecord) => Promise<void>,
): Promise<Followed> {
  let lost = 0;
  let unprocessed = false;
  const waiting = await listOpenWith(invocation.ledger, ({ build }) => revocationOf(build));
  for (const [approval, revoked] of waiting) {
    const { wanted, left } = await follow(approval, revoked, hour, invocation);
    unprocessed ||= left !== undefined;
    if (wanted === "remind") await remind(approval, invocation);
    if (wanted === "resolve" || wanted === "withdraw") await resolve(approval);
    if (wanted !== "resolve") continue;
    lost++;
    const { image, build, channel } = approval;
    const repair = `the approval of ${build} for ${channel} had been left unfinished`;
    await putEvent(invocation.bus, driftRepaired, { image, repair });
  }
  await keepAnnounced("answers", unprocessed, hour, invocation);
  return { repaired: lost, open: waiting.length > 0 };
}

async function follow(
  approval: OpenApproval,
  revoked: Revocation | undefined,
  { states, work, full }: Pick<Hour, "states" | "work" | "full">,
  invocation: Invocation,
) {
  const state: Standing = states.get(approval.image) ?? { builds: [], channels: {} };
  const over = (await findOver(approval, revoked, invocation, state))?.ends ?? false;
  const unanswered = { left: undefined, answered: false, over };
  const wanted = followApproval(approval, unanswered, invocation.now);
  if (!dependsOnAnswers(wanted, { announced: work.has("answers") || full })) return { wanted, left: undefined };
  const { situation, unjudged } = await readStanding(approval, state, invocation);
  const { counted } = situation;
  const decidable = decideApproval(situation) !== undefined;
  const left = unjudged[0]?.at ?? (decidable ? counted.at(-1)?.at : undefined);
  return { wanted: followApproval(approval, { left, answered: counted.length > 0, over }, invocation.now), left };
}

/** Publishes before it records: after a crash in between, the reminder is sent twice instead of never. */
async function remind(approval: ApprovalRecord, { ledger, bus, now }: Invocation): Promise<void> {
  const { image, build, channel, approvers, required, expiresAt } = approval;
  await putEvent(bus, approvalRequested, { image, build, channel, approvers, required, expiresAt, reminder: true });
  await recordReminded(ledger, approval, now.toISOString());
}
