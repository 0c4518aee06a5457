import { findApproval, listAnswers, recordIamAnswer } from "../../../adapters/approval/approvals.ts";
import { readAllImageStates } from "../../../adapters/build/image-state.ts";
import { readAnnounced } from "../../../adapters/repair/drift-checks.ts";
import type { BuildArn } from "../../../events/ids.ts";
import { followApprovals } from "../../../functions/approval/follow-approvals.ts";
import { resolveApproval } from "../../../functions/approval/settle-approval.ts";
import type { Try } from "./fates.ts";
import { IMAGE, principalOf } from "./way-factory.ts";
import type { World } from "./world.ts";

export interface Subject {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
}

/** An approver's answer. */
export interface PersonsAnswer {
  readonly who: string;
  readonly verdict: "approved" | "rejected";
}

/**
 * An approver answers. The answer is recorded first; the function that decides on it may crash without a retry: that is left to
 * `reconcile`.
 * @returns the answer's result
 */
export async function answerApproval(
  world: World,
  subject: Omit<Subject, "image">,
  { who, verdict }: PersonsAnswer,
  attempt: Try,
): Promise<string> {
  const { story, factory } = world.now;
  const { build, channel } = subject;
  const approval = factory.images[IMAGE]?.channels.find(({ name }) => name === channel)?.approval;
  const asked = await findApproval(world.step().ledger, subject);
  const counts = asked && !asked.decided && asked.approvers.includes(who);
  story.answers({ build, channel, person: who, verdict });
  const id = await attempt(async () => {
    const { ledger, now, requestId } = world.step();
    const identity = { principal: principalOf(who) };
    await recordIamAnswer(ledger, subject, { id: requestId, identity, verdict, at: now.toISOString() });
    return requestId;
  });
  const event = world.step().requestId;
  try {
    await attempt(() => resolveApproval(subject, world.step(event)), { tries: 3 });
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
  const inTime = counts && new Date(world.clock.now()).toISOString() <= asked.expiresAt;
  const told = { build, channel, required: approval?.required ?? 1 };
  if (verdict === "rejected" && inTime && !story.enoughAgreed(told, asked.approvers)) story.denied(told);
  const judgement = (await listAnswers(world.step().ledger, subject)).find((one) => one.id === id)?.judgement;
  return judgement?.outcome === "refused" ? judgement.code : (judgement?.outcome ?? "unjudged");
}

/** The part of `reconcile` that completes approvals. @returns how many were pending */
export async function repairApprovals(world: World): Promise<number> {
  const { ledger } = world.step();
  const [states, { work }] = await Promise.all([readAllImageStates(ledger), readAnnounced(ledger, [], [])]);
  const { repaired } = await followApprovals(world.step(), { states, work, full: false }, async (approval) => {
    await resolveApproval(approval, world.step(), { repair: true });
  });
  return repaired;
}
