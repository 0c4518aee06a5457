import type { ApprovalVerdict } from "./decide-approval.ts";

/** An approval as `reconcile` looks at it. */
interface FollowedApproval {
  readonly expiresAt: string;
  readonly remindAt?: string | undefined;
  readonly remindedAt?: string | undefined;
  readonly decided?: { readonly verdict: ApprovalVerdict; readonly at: string } | undefined;
}

/** Lambda has retried whatever failed: what stands longer is stuck. */
const PATIENCE_MS = 15 * 60_000;

const passed = (since: string, now: Date): boolean => now.getTime() - Date.parse(since) > PATIENCE_MS;

/** Whether the promotion should have ended its waiting by itself: it was stopped, or the end was lost. */
export const isOverdue = ({ decided, expiresAt }: FollowedApproval, now: Date): boolean =>
  !decided && passed(expiresAt, now);

/**
 * What an open approval wants: to be gone on with, because an answer or a decision was left standing; to be withdrawn,
 * because nothing can come of it any more; or people to be asked again, once, where nobody has answered.
 * @param left when the answer came that nobody has judged, or that nobody drew the conclusion from
 * @param over whether the build goes no further whatever people say
 */
export function followApproval(
  approval: FollowedApproval,
  { left, answered, over }: { left: string | undefined; answered: boolean; over: boolean },
  now: Date,
): "resolve" | "withdraw" | "remind" | undefined {
  const { decided, remindAt, remindedAt } = approval;
  if (decided) return passed(decided.at, now) ? "resolve" : undefined;
  if (over) return "withdraw";
  if (isOverdue(approval, now)) return "resolve";
  if (left !== undefined) return passed(left, now) ? "resolve" : undefined;
  const isDue = remindAt !== undefined && Date.parse(remindAt) <= now.getTime();
  return isDue && !remindedAt && !answered ? "remind" : undefined;
}
