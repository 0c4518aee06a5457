import type { BuildFailure } from "../../events/build.ts";
import type { GateReason } from "../../events/gate.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { ApprovalVerdict } from "../approval/decide-approval.ts";
import { buildVersion } from "../build/build-arn.ts";
import type { GateDecision } from "../gate/decide-gate.ts";

/** The state of one of an image's channels relative to a build. */
export interface ChannelSituation {
  readonly name: string;
  /**
   * `published`: it points at the build, and so do the parameters of all regions; `moving`: not all parameters yet; `left`:
   * it pointed at the build, but now at a newer one; `taken`: it points at a newer build and never pointed at this one.
   */
  readonly state: "ahead" | "moving" | "published" | "left" | "taken";
  /** The newer build that it points at. */
  readonly by?: BuildArn;
  /** The approval that the build needs for the channel. */
  readonly approval?: {
    readonly approvers: readonly string[];
    readonly verdict?: ApprovalVerdict;
    readonly reason?: string;
  };
}

/** The facts about a build that a command waits for. */
export interface BuildSituation {
  readonly status: "building" | "available" | "failed" | "cancelled";
  /** Image Builder's status while it builds. */
  readonly imageStatus?: string;
  readonly failure?: BuildFailure | undefined;
  readonly gate: Pick<GateDecision, "verdict" | "reasons"> | undefined;
  /** Why its promotion failed; its changes are undone. */
  readonly undone: string | undefined;
  /** Why it was revoked. */
  readonly revoked?: string;
  /** In the promotion's order, up to the one that the command waits for; empty if `available` is enough. */
  readonly channels: readonly ChannelSituation[];
}

export type BuildOutcome = "succeeded" | "failed" | "rejected" | "promotion-failed" | "superseded" | "cancelled";

export type Progress =
  | { readonly kind: "under-way"; readonly text: string }
  | { readonly kind: "ended"; readonly outcome: BuildOutcome; readonly reason: string };

/** The progress of a build, or its outcome for a command that waits until the last of `channels` points at it. */
export function decideProgress(situation: BuildSituation): Progress {
  switch (situation.status) {
    case "building":
      return { kind: "under-way", text: (situation.imageStatus ?? "building").toLowerCase() };
    case "failed":
      return ended("failed", sayFailure(situation.failure));
    case "cancelled":
      return ended("cancelled", "it was cancelled");
    case "available":
      return situation.channels.length === 0 ? ended("succeeded", "it is available") : promoted(situation);
  }
}

const ended = (outcome: BuildOutcome, reason: string): Progress => ({ kind: "ended", outcome, reason });

function promoted({ gate, undone, revoked, channels }: BuildSituation): Progress {
  if (revoked !== undefined) return ended("rejected", `it was revoked: ${revoked}`);
  if (undone !== undefined) return ended("promotion-failed", `its promotion failed and was undone: ${undone}`);
  if (!gate) return { kind: "under-way", text: "available, collecting evidence" };
  if (gate.verdict === "rejected") return ended("rejected", `the gate rejected it: ${sayRejection(gate.reasons)}`);
  const target = channels.at(-1);
  if (target?.state === "published") return ended("succeeded", `it is in ${target.name}`);
  if (target?.state === "left") {
    return ended("succeeded", `it was in ${target.name}, which now points at ${sayBuild(target.by)}`);
  }
  const taken = channels.find(({ state }) => state === "taken");
  if (taken) return ended("superseded", `${taken.name} points at the newer ${sayBuild(taken.by)}`);
  const asked = channels.find(({ state, approval }) => state === "ahead" && approval);
  if (asked) {
    const answered = sayApproval(asked);
    if (answered) return answered;
  }
  const last = channels.findLast(({ state }) => state === "published" || state === "left");
  if (last) return { kind: "under-way", text: `in ${last.name}, promotion continues` };
  const distributed = "passed the gate, distributing";
  return { kind: "under-way", text: gate.verdict === "passed" ? distributed : "the gate requires approval" };
}

/** The progress of a build that needs approval; undefined if it was granted. */
function sayApproval({ name, approval }: ChannelSituation): Progress | undefined {
  const why = approval?.reason ? `: ${approval.reason}` : "";
  switch (approval?.verdict) {
    case undefined:
      return { kind: "under-way", text: `waiting for approval for ${name} by ${approval?.approvers.join(", ")}` };
    case "denied":
      return ended("rejected", `rejected for ${name} by an approver${why}`);
    case "expired":
      return ended("rejected", `not approved for ${name} in time${why}`);
    case "withdrawn":
      return ended("superseded", `no longer promoted to ${name}${why}`);
    case "granted":
      return undefined;
  }
}

const sayBuild = (build: BuildArn | undefined): string => (build ? `build ${buildVersion(build)}` : "build");

/** `acme-agents / build / InstallCloudWatchAgent: 503 from the mirror` */
export function sayFailure(failure: BuildFailure | undefined): string {
  if (!failure) return "Image Builder gave no reason";
  const { component, phase, step, reason } = failure;
  const where = [component, phase, step].filter(Boolean).join(" / ");
  return where ? `${where}: ${reason}` : reason;
}

/** The broken rules, with the first examples. */
export const sayRejection = (reasons: readonly GateReason[]): string =>
  reasons
    .filter(({ passed }) => !passed)
    .map(({ rule, found, allowed, examples }) => {
      const some = examples.slice(0, 3).join(", ");
      return `${rule}: ${found}, ${allowed}${some ? ` (${some})` : ""}`;
    })
    .join("; ");
