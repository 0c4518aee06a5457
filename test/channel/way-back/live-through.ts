import { setTimeout as pause } from "node:timers/promises";
import { random } from "embedded-aws/faults";
import { requireImage } from "../../../core/factory/require-image.ts";
import { moveBack } from "../../../functions/channel/move-back.ts";
import { moveChannel } from "../../../functions/channel/move-channel.ts";
import { publishAsIs } from "../../../functions/channel/publish-channel.ts";
import { restoreBuild } from "../../../functions/revocation/restore-build.ts";
import { revokeOne } from "../../../functions/revocation/revoke-one.ts";
import { shareImage } from "../../../functions/share/share-image.ts";
import { answerApproval, repairApprovals, type Subject } from "./approve.ts";
import type { Build } from "./builds.ts";
import { fatesOf, type Try } from "./fates.ts";
import { type End, promote } from "./promote.ts";
import type { Act, Schedule } from "./schedules.ts";
import { IMAGE } from "./way-factory.ts";
import type { World } from "./world.ts";

interface Outcome {
  readonly what: "promotion" | "answer" | Act["kind"];
  /** The number of its build; none for a rollback. */
  readonly build?: number | undefined;
  /** The end of a promotion, `done`, or the name of the refusal. */
  readonly end: string;
}

/** All outcomes, in chronological order. */
export type Lived = readonly Outcome[];

/** Longer than all waits, retries and background checks. */
const WHILE_MS = 400_000;
/** Real time: on a busy machine a run takes a second. */
const TOO_LONG_MS = 300_000;
/** Longer than `reconcile` leaves anything unfinished. */
const PATIENCE_MS = 20 * 60_000;

/** Runs a schedule on a new factory. Every crashed invocation is retried, as AWS or an operator does. */
export async function liveThrough(world: World, schedule: Schedule): Promise<Lived> {
  await world.renew(schedule.asking);
  const lived: Outcome[] = [];
  const attempt = fatesOf(world, random(schedule.seed), schedule.killed);
  await Promise.race([world.through(begin(world, schedule, attempt, lived)), tooLong()]);
  await world.clock.runUntil(world.clock.now() + WHILE_MS);
  if (lived.some(wasRestored)) await world.through(repairParameters(world));
  // Approvers may never answer; the function that decides may have crashed.
  for (let round = 0; round < 2; round++) {
    await world.clock.runUntil(world.clock.now() + PATIENCE_MS);
    await world.through(repairApprovals(world));
  }
  await world.clock.runUntil(world.clock.now() + WHILE_MS);
  return lived;
}

/** Its AMIs were disabled for a while, which the ledger no longer shows. */
const wasRestored = ({ what, end }: Outcome): boolean =>
  (what === "restore" && end === "done") || end === "RestoredMeanwhile";

/**
 * The part of `reconcile` that publishes what the ledger says: while an AMI is disabled, its channel cannot be published,
 * and SSM drops a value that it is validating, and refuses others for five minutes.
 */
async function repairParameters(world: World): Promise<void> {
  const { channels } = requireImage(world.now.factory, IMAGE);
  for (const { name } of channels) {
    await publishAsIs({ image: IMAGE, channel: name }, world.step(), "not-behind");
  }
}

async function begin(
  world: World,
  { builds, acts, patience, inOrder }: Schedule,
  attempt: Try,
  lived: Outcome[],
): Promise<void> {
  const later = (seconds: number) => world.step().wait(seconds * 1000);
  const outcome = async (what: Outcome["what"], build: number | undefined, work: () => Promise<string | undefined>) => {
    try {
      const end = await work();
      if (end) lived.push({ what, build, end });
    } catch (error) {
      lived.push({ what, build, end: error instanceof Error ? error.name : String(error) });
    }
  };
  const asked = new Set<string>();
  const answering: Promise<void>[] = [];
  const asks = ({ build, channel }: Subject) => {
    if (asked.has(`${build} ${channel}`)) return;
    asked.add(`${build} ${channel}`);
    const n = world.builds.findIndex((one) => one.build === build);
    for (const { after, ...answer } of builds[n]?.answers ?? []) {
      const work = later(after).then(() => answerApproval(world, { build, channel }, answer, attempt));
      answering.push(outcome("answer", n, () => work));
    }
  };
  const promotion = (n: number) =>
    outcome("promotion", n, async (): Promise<End | undefined> => {
      if (!world.now.story.isJudged(buildOf(world, n).build)) return undefined;
      const { soak = 0, judgement, fails } = builds[n] ?? {};
      const circumstances = { patience, asks, left: judgement === "asks", fails };
      return promote(world, buildOf(world, n).build, attempt, () => soak * 1000, circumstances);
    });
  const happening = acts.map(async (act, n) => {
    await later(act.at);
    const request = `act-${n}`;
    switch (act.kind) {
      case "revoke":
        await Promise.all([
          outcome("revoke", act.build, () => revoke(world, act.build, attempt)),
          act.restoredAfter !== undefined &&
            later(act.restoredAfter).then(() =>
              outcome("restore", act.build, () => restore(world, act.build, request, attempt)),
            ),
        ]);
        if (act.anewAfter === undefined) return;
        await later(act.anewAfter);
        return promotion(act.build);
      case "restore":
        return outcome("restore", act.build, () => restore(world, act.build, request, attempt));
      case "rollback":
        return outcome("rollback", undefined, () => goBack(world, act, request, attempt));
      case "astray":
        return outcome("astray", act.build, () => goAstray(world, act, attempt));
      case "answer": {
        const { build } = buildOf(world, act.build);
        return outcome("answer", act.build, () => answerApproval(world, { build, channel: act.channel }, act, attempt));
      }
    }
  });
  const promoted = builds.map(async ({ after, lag, judgement, requestedBy }, n) => {
    const before = inOrder ? builds.slice(0, n).reduce((sum, one) => sum + one.after, 0) : 0;
    await later(before + after);
    await world.judge(buildOf(world, n), judgement, requestedBy);
    await later(lag);
    await promotion(n);
  });
  await Promise.all([...happening, ...promoted]);
  await Promise.all(answering);
}

const buildOf = (world: World, n: number): Build => world.builds[n] as Build;

async function revoke(world: World, n: number, attempt: Try): Promise<string> {
  const { build } = buildOf(world, n);
  await attempt(() => revokeOne({ build, by: "ada", reason: "bad" }, world.step()));
  return "done";
}

async function restore(world: World, n: number, request: string, attempt: Try): Promise<string> {
  const { build } = buildOf(world, n);
  await attempt(() => restoreBuild({ build, by: "ada", reason: "not that bad", request, goesOn: false }, world.step()));
  return "done";
}

async function goBack(
  world: World,
  { channel, to, again }: Extract<Act, { kind: "rollback" }>,
  request: string,
  attempt: Try,
): Promise<string> {
  const goal = to === undefined ? {} : { to: buildOf(world, to).build };
  const asked = { image: IMAGE, channel, by: "ada", reason: "slow", request, ...goal };
  await attempt(() => moveBack(asked, world.step()));
  if (again) await attempt(() => moveBack(asked, world.step()));
  return "done";
}

async function goAstray(world: World, asked: Extract<Act, { kind: "astray" }>, attempt: Try): Promise<string> {
  const subject = { image: IMAGE, build: buildOf(world, asked.build).build, channel: asked.channel };
  world.now.story.entered({ ...subject, required: 0 });
  for (const region of world.now.factory.regions) await attempt(() => shareImage({ ...subject, region }, world.step()));
  const { moved } = await attempt(() => moveChannel(subject, world.step()));
  return moved ? "done" : "superseded";
}

const tooLong = async (): Promise<never> => {
  await pause(TOO_LONG_MS, undefined, { ref: false });
  throw new Error("It does not come to an end.");
};
