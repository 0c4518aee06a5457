import type { Answer } from "../../events/approval.ts";
import { type Identity, sayIdentity } from "./find-person.ts";

/** How a wait for approval can end. */
export const approvalVerdicts = ["granted", "denied", "expired", "withdrawn"] as const;

export type ApprovalVerdict = (typeof approvalVerdicts)[number];

/** A request for approval and the answers so far. */
export interface ApprovalSituation {
  readonly approvers: readonly string[];
  /** How many different approvers must approve. */
  readonly required: number;
  readonly expiresAt: string;
  /** The persons who requested the build. */
  readonly requesters: readonly string[];
  /** The answers that count, oldest first. */
  readonly counted: readonly Answer[];
  readonly decided?: { readonly verdict: ApprovalVerdict; readonly reason?: string | undefined } | undefined;
  /** Why the build is not promoted, whatever the answers: a newer build exists, or it was revoked. */
  readonly over?: string | undefined;
}

/** An answer as received. */
export interface GivenAnswer {
  readonly identity: Identity;
  /** Names of the config that the identity matches; it counts only if there is exactly one. */
  readonly people: readonly string[];
  readonly verdict: Answer["verdict"];
  readonly at: string;
}

export const refusalCodes = [
  "not-waiting",
  "decided",
  "moved-on",
  "expired",
  "unknown-person",
  "ambiguous-person",
  "not-an-approver",
  "answered-already",
] as const;

export type Judgement =
  | { readonly outcome: "counted"; readonly person: string }
  | { readonly outcome: "refused"; readonly code: (typeof refusalCodes)[number]; readonly reason: string };

/** Whether an answer counts; if not, why, for the person who answered. */
export function judgeAnswer(situation: ApprovalSituation, answer: GivenAnswer): Judgement {
  const { approvers, expiresAt, counted, decided, over } = situation;
  if (decided) return refused("decided", sayDecided(situation));
  if (over !== undefined) return refused("moved-on", over);
  if (answer.at > expiresAt) return refused("expired", `answers were possible until ${expiresAt}`);
  const [person, second] = answer.people;
  const who = sayIdentity(answer.identity);
  if (person === undefined) return refused("unknown-person", `${who} matches no entry of the config's people`);
  if (second !== undefined) {
    return refused("ambiguous-person", `${who} matches several entries of the config's people: ${listed(answer)}`);
  }
  if (!approvers.includes(person)) {
    return refused("not-an-approver", `${person} is not an approver; ${approvers.join(", ")} can answer`);
  }
  const before = counted.find((one) => one.person === person && one.verdict === answer.verdict);
  if (before)
    return refused("answered-already", `${person} already ${before.verdict} it at ${before.at} (${before.via})`);
  return { outcome: "counted", person };
}

const refused = (code: (typeof refusalCodes)[number], reason: string): Judgement => ({
  outcome: "refused",
  code,
  reason,
});

const listed = ({ people }: GivenAnswer): string => people.join(", ");

/** `already granted: approved by ada (slack), grace (cli)` */
export function sayDecided({ decided, counted }: Pick<ApprovalSituation, "decided" | "counted">): string {
  const by = counted.map(({ person, verdict, via }) => `${verdict} by ${person} (${via})`).join(", ");
  const why = by || decided?.reason || "not answered in time";
  return `already ${decided?.verdict}: ${why}`;
}

/**
 * The result of the answers that count. One rejection denies. Otherwise the required number of different approvers must
 * approve, at least one of whom did not request the build. Undefined while the request is open.
 */
export function decideApproval({
  required,
  requesters,
  counted,
}: Pick<ApprovalSituation, "required" | "requesters" | "counted">): "granted" | "denied" | undefined {
  if (counted.some(({ verdict }) => verdict === "rejected")) return "denied";
  const agreed = new Set(counted.map(({ person }) => person));
  if (agreed.size < required) return undefined;
  return [...agreed].some((person) => !requesters.includes(person)) ? "granted" : undefined;
}

/** What is still missing, for the approver who just approved: `1 more of grace, linus must approve`. */
export function sayMissing(situation: ApprovalSituation): string {
  const { approvers, required, requesters, counted } = situation;
  const agreed = counted.map(({ person }) => person);
  const others = approvers.filter((person) => !agreed.includes(person));
  if (agreed.length < required) {
    return others.length > 0
      ? `${required - agreed.length} more of ${others.join(", ")} must approve`
      : "no other approver is left: the request will expire";
  }
  const able = others.filter((person) => !requesters.includes(person));
  return able.length > 0
    ? `${agreed.join(", ")} requested the build; one of ${able.join(", ")} must also approve`
    : `${agreed.join(", ")} requested the build and no other approver is left: the request will expire`;
}

/** An approval as `reconcile` sees it. */
interface FollowedApproval {
  readonly expiresAt: string;
  readonly remindAt?: string | undefined;
  readonly remindedAt?: string | undefined;
  readonly decided?: { readonly verdict: ApprovalVerdict; readonly at: string } | undefined;
}

/** Lambda's retries end within this time: an approval that waits longer is stuck. */
const PATIENCE_MS = 15 * 60_000;

const passed = (since: string, now: Date): boolean => now.getTime() - Date.parse(since) > PATIENCE_MS;

/** Whether the promotion should have stopped waiting: it was stopped, or its end was lost. */
export const isOverdue = ({ decided, expiresAt }: FollowedApproval, now: Date): boolean =>
  !decided && passed(expiresAt, now);

/**
 * What `reconcile` does with an approval: "resolve" if an answer or a decision was not processed, "withdraw" if the build
 * can no longer be promoted, "remind" once if no approver has answered.
 * @param left when the answer arrived that was not judged, or whose result was not applied
 * @param over whether the build is not promoted, whatever the answers
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

/**
 * Whether the answers must be read: they can prevent a reminder, and an announced one may not have been processed.
 * @param wanted what `followApproval` decides without any answer
 */
export const dependsOnAnswers = (
  wanted: ReturnType<typeof followApproval>,
  { announced }: { readonly announced: boolean },
): boolean => wanted === "remind" || (wanted === undefined && announced);
