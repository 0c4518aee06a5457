import type { BuildRecord } from "../../adapters/build/builds.ts";
import type { ImageState } from "../../adapters/build/image-state.ts";
import { findGate } from "../../adapters/evidence/evidence.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { findMoves, findUndone, isUndone } from "../../adapters/promotion/promotion.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { explainTriggers, sayTime, sayWhy } from "../../core/build/explain-triggers.ts";
import { sayTests } from "../../core/evidence/component-tests.ts";
import { sayFailure, sayRejection } from "../../core/promotion/decide-progress.ts";
import { duration } from "../promotion/draw-execution.ts";

/** A build with its reasons and what became of it. */
export type BuildStory = Awaited<ReturnType<typeof readBuildStory>>;

export async function readBuildStory(ledger: Ledger, record: BuildRecord, { channels }: Pick<ImageState, "channels">) {
  const { image, build, status, startedAt, endedAt, triggers, parentBuild, base, failure } = record;
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
    gate: await findGate(ledger, build),
    /** Channels that point at it now. */
    channels: Object.keys(channels).filter((name) => channels[name]?.build === build),
    /** Channels that pointed at it at any time. */
    moved: (await findMoves(ledger, build)).map(({ channel }) => channel),
    promotionFailed: await isUndone(ledger, build),
    /** What was taken back then. */
    undone: await findUndone(ledger, build),
  };
}

/** The story as lines, what was asked for first. */
export function tellBuild(story: BuildStory): string[] {
  const { image, build, startedAt, endedAt, triggers, parentBuild, base, failure, undone } = story;
  const took = endedAt ? `, took ${duration(Date.parse(endedAt) - Date.parse(startedAt))}` : "";
  return [
    `${image} ${buildVersion(build)}: ${sayState(story)}`,
    ...sayWhy(image, triggers),
    `Started: ${sayTime(startedAt)}${took}`,
    ...(parentBuild ? [`Parent:  ${parentBuild}`] : []),
    ...(base ? [`Parent:  ${base}`] : []),
    `Build:   ${build}`,
    ...(failure ? sayTests(failure).map((one) => `Test:    ${one}`) : []),
    ...undone.map((what) => `Taken back: ${what}`),
  ];
}

/** What has become of it, in a few words. */
export function sayState(story: BuildStory): string {
  switch (story.status) {
    case "building":
      return "is being built";
    case "failed":
      return `failed: ${sayFailure(story.failure)}`;
    case "cancelled":
      return "was cancelled";
    case "available":
      return sayPromotion(story);
  }
}

function sayPromotion({ gate, channels, moved, promotionFailed }: BuildStory): string {
  if (promotionFailed) return "its promotion failed";
  if (channels.length > 0) return `is in ${channels.join(" and ")}`;
  if (moved.length > 0) return `was in ${moved.join(" and ")}`;
  if (!gate) return "is available; the gate has not decided";
  if (gate.verdict === "rejected") return `the gate rejected it: ${sayRejection(gate.reasons)}`;
  return gate.verdict === "passed" ? "passed the gate; in no channel yet" : "the gate wants people to approve it";
}
