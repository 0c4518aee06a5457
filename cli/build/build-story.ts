import type { BuildRecord } from "../../adapters/build/builds.ts";
import type { ImageState } from "../../adapters/build/image-state.ts";
import { findGate } from "../../adapters/evidence/evidence.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { findMoves, findUndone, isUndone } from "../../adapters/promotion/promotion.ts";
import { findRetirement } from "../../adapters/retirement/retirements.ts";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { explainTriggers, sayTime, sayWhy } from "../../core/build/explain-triggers.ts";
import { sayFailure, sayRejection } from "../../core/promotion/decide-progress.ts";
import { duration } from "../promotion/draw-execution.ts";
import { composeTimeline, drawTimeline } from "./compose-timeline.ts";
import { readBuildFacts, type TimelineEntry } from "./read-timeline.ts";
import { stages } from "./timeline-afterwards.ts";

/** A build with its reasons and its state. */
export type BuildStory = Awaited<ReturnType<typeof readBuildStory>>;

export async function readBuildStory(ledger: Ledger, record: BuildRecord, { channels }: Pick<ImageState, "channels">) {
  const { image, build, status, startedAt, endedAt, triggers, parentBuild, base, failure } = record;
  const [gate, moves, promotionFailed, undone, revoked, retired] = await Promise.all([
    findGate(ledger, build),
    findMoves(ledger, build),
    isUndone(ledger, build),
    findUndone(ledger, build),
    findRevocation(ledger, build),
    findRetirement(ledger, build),
  ]);
  return {
    image,
    build,
    status,
    startedAt,
    endedAt,
    because: explainTriggers(image, triggers),
    triggers,
    parentBuild,
    base,
    failure,
    gate,
    /** Channels that point at it now. */
    channels: Object.keys(channels).filter((name) => channels[name]?.build === build),
    /** Channels that pointed at it at any time. */
    moved: moves.map(({ channel }) => channel),
    promotionFailed,
    /** What of a failed promotion was undone. */
    undone,
    /** While it is revoked: by whom, and why. */
    revoked: revoked && { by: revoked.by, reason: revoked.reason, at: revoked.at },
    /** The stage of its retirement. */
    retirement: retired.retirement?.stage,
  };
}

/** A build's story with everything that happened to it: the whole of `amint why <build> --json`. */
export type WholeStory = BuildStory & { readonly timeline: readonly TimelineEntry[] };

/** @param channels the image's in the config, including those that point nowhere */
export async function readWholeStory(
  ledger: Ledger,
  record: BuildRecord,
  state: Pick<ImageState, "channels">,
  channels: readonly string[],
): Promise<WholeStory> {
  const all = [...new Set([...channels, ...Object.keys(state.channels)])];
  const [story, facts] = await Promise.all([
    readBuildStory(ledger, record, state),
    readBuildFacts(ledger, record, all),
  ]);
  return { ...story, timeline: composeTimeline(facts) };
}

/** The story as lines: its state, its reasons, then everything in order of time. */
export function drawBuildStory(story: WholeStory): string[] {
  const { image, build, startedAt, endedAt, triggers, parentBuild, base, timeline } = story;
  const took = endedAt ? `, took ${duration(Date.parse(endedAt) - Date.parse(startedAt))}` : "";
  return [
    `${image} ${buildVersion(build)}: ${sayState(story)}`,
    ...sayWhy(image, triggers),
    `Started: ${sayTime(startedAt)}${took}`,
    ...(parentBuild ? [`Parent:  ${parentBuild}`] : []),
    ...(base ? [`Parent:  ${base}`] : []),
    `Build:   ${build}`,
    "",
    "Timeline",
    ...drawTimeline(timeline),
  ];
}

/** Its state in a few words. */
export function sayState(story: BuildStory): string {
  const { status, failure, revoked, retirement } = story;
  if (revoked) return `was revoked by ${revoked.by}: ${revoked.reason}`;
  switch (status) {
    case "building":
      return "is being built";
    case "failed":
      return `failed: ${sayFailure(failure)}`;
    case "cancelled":
      return "was cancelled";
    case "available":
      return `${sayPromotion(story)}${retirement ? `, ${stages[retirement]}` : ""}`;
  }
}

function sayPromotion({ gate, channels, moved, promotionFailed }: BuildStory): string {
  if (promotionFailed) return "its promotion failed";
  if (channels.length > 0) return `is in ${channels.join(" and ")}`;
  if (moved.length > 0) return `was in ${moved.join(" and ")}`;
  if (!gate) return "is available; the gate has not decided";
  if (gate.verdict === "rejected") return `the gate rejected it: ${sayRejection(gate.reasons)}`;
  return gate.needsApproval ? "the gate asks for approval; in no channel yet" : "passed the gate; in no channel yet";
}
