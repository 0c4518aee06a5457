import type { BuildFailure } from "../../events/build.ts";
import type { GateReason } from "../../events/gate.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { ApprovalVerdict } from "../approval/decide-approval.ts";
import { buildVersion } from "../build/build-arn.ts";
import type { GateDecision } from "../gate/decide-gate.ts";

/** One of an image's channels, as the build on its way sees it. */
export interface ChannelSituation {
  readonly name: string;
  /**
   * `published`: it points at the build, and so does the parameter of every region; `moving`: not yet all of them;
   * `left`: it pointed at the build, and a newer one has it by now; `taken`: a newer one has it, the build never did.
   */
  readonly state: "ahead" | "moving" | "published" | "left" | "taken";
  /** The newer build that has it. */
  readonly by?: BuildArn;
  /** That people are asked, or were, before the build enters it. */
  readonly approval?: {
    readonly approvers: readonly string[];
    readonly verdict?: ApprovalVerdict;
    readonly reason?: string;
  };
}

/** What is known about a build that somebody waits for. */
export interface BuildSituation {
  readonly status: "building" | "available" | "failed" | "cancelled";
  /** Image Builder's own word while it builds. */
  readonly imageStatus?: string;
  readonly failure?: BuildFailure | undefined;
  readonly gate: Pick<GateDecision, "verdict" | "reasons"> | undefined;
  /** Why its promotion failed; what that had changed is taken back. */
  readonly undone: string | undefined;
  /** Why somebody revoked it. */
  readonly revoked?: string;
  /** In the promotion's order, up to the one that is waited for; none where `available` is enough. */
  readonly channels: readonly ChannelSituation[];
}

export type BuildOutcome = "succeeded" | "failed" | "rejected" | "promotion-failed" | "superseded" | "cancelled";

export type Progress =
  | { readonly kind: "under-way"; readonly text: string }
  | { readonly kind: "ended"; readonly outcome: BuildOutcome; readonly reason: string };

/** How far a build has come, or how it ended for somebody who waits until the last of `channels` points at it. */
export function decideProgress(situation: BuildSituation): Progress {
  switch (situation.status) {
    case "building":
      return { kind: "under-way", text: (situation.imageStatus ?? "building").toLowerCase() };
    case "failed":
      return ended("failed", sayFailure(situation.failure));
    case "cancelled":
      return ended("cancelled", "somebody cancelled it");
    case "available":
      return situation.channels.length === 0 ? ended("succeeded", "it is available") : promoted(situation);
  }
}

const ended = (outcome: BuildOutcome, reason: string): Progress => ({ kind: "ended", outcome, reason });

function promoted({ gate, undone, revoked, channels }: BuildSituation): Progress {
  if (revoked !== undefined) return ended("rejected", `it was revoked: ${revoked}`);
  if (undone !== undefined) return ended("promotion-failed", `its promotion failed and is taken back: ${undone}`);
  if (!gate) return { kind: "under-way", text: "available, evidence is collected" };
  if (gate.verdict === "rejected") return ended("rejected", `the gate rejected it: ${sayRejection(gate.reasons)}`);
  const target = channels.at(-1);
  if (target?.state === "published") return ended("succeeded", `it is in ${target.name}`);
  if (target?.state === "left") {
    return ended("succeeded", `it was in ${target.name}, where ${sayBuild(target.by)} is by now`);
  }
  const taken = channels.find(({ state }) => state === "taken");
  if (taken) return ended("superseded", `the newer ${sayBuild(taken.by)} has ${taken.name}`);
  const asked = channels.find(({ state, approval }) => state === "ahead" && approval);
  if (asked) {
    const answered = sayApproval(asked);
    if (answered) return answered;
  }
  const last = channels.findLast(({ state }) => state === "published" || state === "left");
  if (last) return { kind: "under-way", text: `in ${last.name}, on its way` };
  const distributed = "the gate passed, it is being distributed";
  return { kind: "under-way", text: gate.verdict === "passed" ? distributed : "the gate wants people to approve it" };
}

/** What comes of a build that people are asked about; nothing where they agreed. */
function sayApproval({ name, approval }: ChannelSituation): Progress | undefined {
  const why = approval?.reason ? `: ${approval.reason}` : "";
  switch (approval?.verdict) {
    case undefined:
      return { kind: "under-way", text: `waits for ${approval?.approvers.join(", ")} to approve it for ${name}` };
    case "denied":
      return ended("rejected", `people refused it ${name}${why}`);
    case "expired":
      return ended("rejected", `nobody approved it for ${name} in time${why}`);
    case "withdrawn":
      return ended("superseded", `it does not enter ${name} any more${why}`);
    case "granted":
      return undefined;
  }
}

const sayBuild = (build: BuildArn | undefined): string => (build ? `build ${buildVersion(build)}` : "build");

/** `acme-agents / build / InstallCloudWatchAgent: 503 from the mirror` */
export function sayFailure(failure: BuildFailure | undefined): string {
  if (!failure) return "Image Builder said no reason";
  const { component, phase, step, reason } = failure;
  const where = [component, phase, step].filter(Boolean).join(" / ");
  return where ? `${where}: ${reason}` : reason;
}

/** What the gate found wrong, with the first examples. */
export const sayRejection = (reasons: readonly GateReason[]): string =>
  reasons
    .filter(({ passed }) => !passed)
    .map(({ rule, found, allowed, examples }) => {
      const some = examples.slice(0, 3).join(", ");
      return `${rule}: ${found}, ${allowed}${some ? ` (${some})` : ""}`;
    })
    .join("; ");
