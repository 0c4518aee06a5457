import type { Answer } from "../../events/approval.ts";
import type { BuildArn } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";
import { sayTime } from "../build/explain-triggers.ts";
import { markUrgent, type Notice } from "../notice/notice.ts";
import { type BuildChange, sayBuildChange } from "./build-change.ts";
import type { ApprovalVerdict } from "./decide-approval.ts";

/** A request for approval, and its outcome. */
export interface Question {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
  /** Names of the config's `people`. */
  readonly approvers: readonly string[];
  /** How many of them must approve. */
  readonly required: number;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  /** The answers that count, oldest first. */
  readonly answers: readonly Answer[];
  readonly decided?: { readonly verdict: ApprovalVerdict; readonly reason?: string | undefined } | undefined;
  /** Why the build is not promoted, whatever the answers. */
  readonly over?: string | undefined;
  readonly change: BuildChange;
}

/** Whether approvers can still answer. */
export const isOpen = ({ decided, over }: Pick<Question, "decided" | "over">): boolean =>
  decided === undefined && over === undefined;

/**
 * The current state of a request: who must approve until when, or who decided what; and what the build changes.
 * @param event name of the event that the notice is about, for subscribers to filter on
 */
export function describeApproval(
  question: Question,
  { event, reminder = false }: { readonly event: string; readonly reminder?: boolean },
): Notice {
  const { image, build, channel, answers, change } = question;
  const notice: Notice = {
    title: `${image}: ${headline(question, reminder)}`,
    lines: [
      ...(isOpen(question) ? sayOpen(question) : []),
      ...answers.map(sayAnswer),
      ...sayBuildChange(change),
      `Build: ${build}`,
    ],
    tone: toneOf(question),
    attributes: { event, image, channel },
    nextSteps: isOpen(question) ? [`amint approve ${named(question)}`, `amint reject ${named(question)}`] : [],
    resources: [build],
  };
  return markUrgent(notice, change.urgent);
}

function headline(question: Question, reminder: boolean): string {
  const { build, channel, answers, decided, over } = question;
  const version = buildVersion(build);
  const stays = `build ${version} not promoted to ${channel}`;
  if (over !== undefined) return `${stays}: ${over}`;
  switch (decided?.verdict) {
    case undefined:
      return reminder
        ? `build ${version} still needs approval for ${channel}`
        : `approve build ${version} for ${channel}?${sayProgress(question)}`;
    case "granted":
      return `build ${version} approved for ${channel} by ${who(answers, "approved")}`;
    case "denied":
      return `build ${version} rejected for ${channel} by ${who(answers, "rejected")}`;
    case "expired":
      return `${stays}: not approved in time`;
    case "withdrawn":
      return `${stays}: ${decided?.reason ?? "approval is no longer required"}`;
  }
}

const who = (answers: readonly Answer[], wanted: Answer["verdict"]): string =>
  answers.flatMap(({ person, verdict }) => (verdict === wanted ? [person] : [])).join(", ") || "no one";

function sayOpen(question: Question): string[] {
  const { approvers, required, expiresAt } = question;
  const some = approvers.length === 1 ? approvers.join() : `${required} of ${approvers.join(", ")}`;
  return [
    `${some} must approve by ${sayTime(expiresAt)}.`,
    `On the command line: amint approve ${named(question)}, or amint reject`,
  ];
}

const named = ({ image, build, channel }: Question): string =>
  `"${image} ${buildVersion(build)}" --channel ${channel} --reason "..."`;

/** `approved by ada, one more needed`, while more approvals are needed. */
function sayProgress({ required, answers }: Question): string {
  const agreed = answers.flatMap(({ person, verdict }) => (verdict === "approved" ? [person] : []));
  if (agreed.length === 0) return "";
  // If only the requester approved, one more approval is needed even if the required number is reached.
  const missing = Math.max(1, required - agreed.length);
  return ` approved by ${agreed.join(", ")}, ${missing === 1 ? "one" : missing} more needed`;
}

const sayAnswer = ({ person, verdict, via, at, reason }: Answer): string =>
  `${verdict} by ${person} (${via}, ${sayTime(at)})${reason ? `: ${reason}` : ""}`;

function toneOf({ decided, over }: Question): Notice["tone"] {
  if (over !== undefined || decided?.verdict === "withdrawn") return "news";
  if (!decided) return "question";
  return decided.verdict === "granted" ? "good" : "bad";
}
