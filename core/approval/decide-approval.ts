import type { Answer } from "../../events/approval.ts";
import { type Identity, sayIdentity } from "./find-person.ts";

/** How a wait for approval can end. */
export const approvalVerdicts = ["granted", "denied", "expired", "withdrawn"] as const;

export type ApprovalVerdict = (typeof approvalVerdicts)[number];

/** What people are asked, and how far it has come. */
export interface ApprovalSituation {
  readonly approvers: readonly string[];
  /** How many different people must agree. */
  readonly required: number;
  readonly expiresAt: string;
  /** Those who asked for the build. */
  readonly requesters: readonly string[];
  /** The answers that count, oldest first. */
  readonly counted: readonly Answer[];
  readonly decided?: { readonly verdict: ApprovalVerdict; readonly reason?: string | undefined } | undefined;
  /** Why the build goes no further whatever people say: a newer one is there, or it was revoked. */
  readonly over?: string | undefined;
}

/** An answer as it came in. */
export interface GivenAnswer {
  readonly identity: Identity;
  /** Names of the config that the identity belongs to; one, where it can count. */
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

/** Whether an answer counts; if not, why, in words for whoever gave it. */
export function judgeAnswer(situation: ApprovalSituation, answer: GivenAnswer): Judgement {
  const { approvers, expiresAt, counted, decided, over } = situation;
  if (decided) return refused("decided", sayDecided(situation));
  if (over !== undefined) return refused("moved-on", over);
  if (answer.at > expiresAt) return refused("expired", `it could be answered until ${expiresAt}`);
  const [person, second] = answer.people;
  const who = sayIdentity(answer.identity);
  if (person === undefined) return refused("unknown-person", `the config's people has nobody who is ${who}`);
  if (second !== undefined) {
    return refused("ambiguous-person", `the config's people says of several that they are ${who}: ${listed(answer)}`);
  }
  if (!approvers.includes(person)) {
    return refused("not-an-approver", `${person} is not asked; ${approvers.join(", ")} can answer`);
  }
  const before = counted.find((one) => one.person === person && one.verdict === answer.verdict);
  if (before) return refused("answered-already", `${person} ${before.verdict} it at ${before.at} by ${before.via}`);
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
  const why = by || decided?.reason || "nobody answered in time";
  return `already ${decided?.verdict}: ${why}`;
}

/**
 * What the answers that count come to: one rejection is enough to deny; as many different people as are required must
 * agree, and at least one of them must not have asked for the build. Undefined while it is open.
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

/** What is still missing, for whoever has just agreed: `one more of grace, linus must agree`. */
export function sayMissing(situation: ApprovalSituation): string {
  const { approvers, required, requesters, counted } = situation;
  const agreed = counted.map(({ person }) => person);
  const others = approvers.filter((person) => !agreed.includes(person));
  if (agreed.length < required) {
    return others.length > 0
      ? `${required - agreed.length} more of ${others.join(", ")} must agree`
      : "nobody else is asked: it will expire";
  }
  const able = others.filter((person) => !requesters.includes(person));
  return able.length > 0
    ? `${agreed.join(", ")} asked for the build; one of ${able.join(", ")} must agree, too`
    : `${agreed.join(", ")} asked for the build and nobody else is asked: it will expire`;
}

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
