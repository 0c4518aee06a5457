import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type { SFNClient } from "@aws-sdk/client-sfn";
import { listFeedFailures } from "../../adapters/advisories/feed-memory.ts";
import { parentAmiOf } from "../../adapters/advisories/parent-amis.ts";
import { approvalOf, listAnswers, listOpenApprovals, toCountedAnswer } from "../../adapters/approval/approvals.ts";
import { type BuildRecord, listBuilds } from "../../adapters/build/builds.ts";
import { listActivity } from "../../adapters/build/claims.ts";
import { readImage } from "../../adapters/build/image-builder.ts";
import { listChannels } from "../../adapters/channel/channels.ts";
import { readMoves } from "../../adapters/channel/history.ts";
import { gateOf } from "../../adapters/evidence/evidence.ts";
import { listExports } from "../../adapters/export/exports.ts";
import { listWaivers } from "../../adapters/gate/waivers.ts";
import { readBatch, readBatchOf } from "../../adapters/ledger/reads.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { listRaisedAlarms } from "../../adapters/monitoring/alarms.ts";
import { listFailedPromotions } from "../../adapters/promotion/failed-promotions.ts";
import { whetherUndone } from "../../adapters/promotion/promotion.ts";
import { findLastState, listRunningPromotions } from "../../adapters/promotion/running-promotions.ts";
import { listDrift } from "../../adapters/repair/reported-drift.ts";
import { listHolds, listRetirements } from "../../adapters/retirement/retirements.ts";
import { listAsked, listRevocations } from "../../adapters/revocation/revocations.ts";
import { listRollouts } from "../../adapters/rollout/rollouts.ts";
import { listFailingTries } from "../../adapters/share/consumer-tries.ts";
import { isPromotionOf } from "../../core/build/build-arn.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { promotionName } from "../../core/names.ts";
import type { BuildArn } from "../../events/ids.ts";
import { explainFailure } from "../command/explain-failure.ts";
import type { Facts, OpenQuestion, Promoting, Verdict } from "./facts.ts";
import type { Unread } from "./shape.ts";

/** Where the facts come from. */
export interface Reading {
  readonly ledger: Ledger;
  readonly promotions: SFNClient;
  /** `arn:aws:states:eu-west-1:111122223333` */
  readonly states: string;
  readonly imageBuilder: ImagebuilderClient;
  readonly alarms: CloudWatchClient;
}

/** How many of an image's newest builds are looked at: a channel further behind counts as that far behind. */
const MOST_BUILDS = 50;

/**
 * Reads everything at once: some twenty calls, and one for each build and each promotion under way.
 * @throws what no part can be read after: no credentials, no network, nothing deployed
 */
export async function readFacts(
  reading: Reading,
  asked: { readonly factory: Factory; readonly images: readonly string[]; readonly now: Date },
): Promise<Facts> {
  const { factory } = asked;
  const { ledger } = reading;
  const unread: Unread[] = [];
  const part = <Found>(name: string, empty: Found, work: Promise<Found>): Promise<Found> =>
    work.catch((failure: unknown) => {
      if (!isAnswer(failure)) throw failure;
      unread.push({ part: name, why: `${failure.name}: ${failure.message}` });
      return empty;
    });
  // Builds last, as `readImageStates` has it: an end is recorded before its claim is released.
  const activity = part("activity", new Map(), listActivity(ledger));
  const channels = activity.then(() => part<Facts["channels"]>("channels", new Map(), listChannels(ledger)));
  const builds = channels.then(() => part<Facts["builds"]>("builds", new Map(), readBuilds(ledger)));
  const given = part("waivers", [], listWaivers(ledger));
  const found = await allOf({
    activity,
    channels,
    builds,
    emptied: channels.then((all) => part("history", [], findEmptied(ledger, factory, all))),
    verdicts: builds.then((all) => part<Facts["verdicts"]>("gate", new Map(), readVerdicts(ledger, all))),
    approvals: builds.then((all) => part("approvals", [], readApprovals(ledger, factory, all))),
    parents: part<Facts["parents"]>("parents", new Map(), readParents(ledger, factory)),
    promotions: builds.then((all) => part("promotions", [], readPromotions(reading, factory, all))),
    buildStates: builds.then((all) =>
      part<Facts["buildStates"]>("image-builder", new Map(), readBuildStates(reading, all)),
    ),
    questions: part("approvals", [], readQuestions(ledger)),
    failedPromotions: part("failed-promotions", [], listFailedPromotions(ledger)),
    revocations: part("revocations", new Map(), listRevocations(ledger)),
    withdrawals: part("revocations", [], listAsked(ledger)),
    rollouts: part("rollouts", [], listRollouts(ledger)),
    holds: part("holds", [], listHolds(ledger)),
    waivers: given.then((all) => [...factory.waivers, ...all]),
    drift: part("drift", [], listDrift(ledger)),
    feeds: part("feeds", [], listFeedFailures(ledger)),
    consumers: part("consumers", [], listFailingTries(ledger)),
    exports: part("exports", [], listExports(ledger)),
    retirements: part("retirements", new Map(), listRetirements(ledger)),
    alarms: part("alarms", [], listRaisedAlarms(reading.alarms, `amint-${factory.name}-`)),
  });
  return { ...asked, ...found, unread: [...new Map(unread.map((one) => [one.part, one])).values()] };
}

type Found<Works> = { -readonly [Name in keyof Works]: Awaited<Works[Name]> };

async function allOf<Works extends object>(works: Works): Promise<Found<Works>> {
  const found = await Promise.all(
    Object.entries(works).map(async ([name, work]) => [name, await (work as unknown)] as const),
  );
  return Object.fromEntries(found) as Found<Works>;
}

/** AWS answered, and refused this one call; what concerns all calls ends the command. */
const isAnswer = (failure: unknown): failure is Error =>
  failure instanceof Error && "$fault" in failure && (explainFailure(failure)?.cause ?? "access") === "access";

async function readBuilds(ledger: Ledger): Promise<Facts["builds"]> {
  const newestFirst = (await listBuilds(ledger)).toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  return Map.groupBy(newestFirst, ({ image }) => image);
}

/** Channels that pointed at a build once and point at nothing now. */
async function findEmptied(ledger: Ledger, { images }: Factory, now: Facts["channels"]): Promise<Facts["emptied"]> {
  const movesOf = await readMoves(ledger);
  return Object.entries(images).flatMap(([image, { channels }]) =>
    channels.flatMap(({ name: channel }) => {
      if (now.get(image)?.[channel]) return [];
      const last = movesOf(image, channel, undefined).at(-1);
      return last ? [{ image, channel, last }] : [];
    }),
  );
}

const newestAvailable = (builds: readonly BuildRecord[]): BuildRecord[] =>
  builds.filter(({ status }) => status === "available").slice(0, MOST_BUILDS);

async function readVerdicts(ledger: Ledger, builds: Facts["builds"]): Promise<ReadonlyMap<BuildArn, Verdict>> {
  const wanted = [...builds.values()].flatMap(newestAvailable).map(({ build }) => build);
  const found = await readBatchOf(ledger, wanted, (build) => [gateOf(build), whetherUndone(build)] as const);
  return new Map([...found].map(([build, [gate, undone]]) => [build, { gate, undone }]));
}

async function readApprovals(ledger: Ledger, factory: Factory, builds: Facts["builds"]): Promise<Facts["approvals"]> {
  const subjects = [...builds].flatMap(([image, some]) =>
    newestAvailable(some)
      .slice(0, 1)
      .flatMap(({ build }) => (factory.images[image]?.channels ?? []).map(({ name }) => ({ build, channel: name }))),
  );
  const found = await readBatch(ledger, subjects.map(approvalOf));
  return found.filter((one) => one !== undefined);
}

async function readParents(ledger: Ledger, { images }: Factory): Promise<Facts["parents"]> {
  const found = await readBatchOf(ledger, Object.keys(images), (image) => [parentAmiOf(image)] as const);
  return new Map([...found].flatMap(([image, [parent]]) => (parent ? [[image, parent]] : [])));
}

async function readQuestions(ledger: Ledger): Promise<OpenQuestion[]> {
  const open = (await listOpenApprovals(ledger)).filter(({ decided }) => !decided);
  return Promise.all(
    open.map(async (one) => {
      const counted = (await listAnswers(ledger, one)).flatMap(toCountedAnswer);
      return { ...one, answered: counted.map(({ person }) => person) };
    }),
  );
}

async function readPromotions(
  { promotions, states }: Reading,
  factory: Factory,
  builds: Facts["builds"],
): Promise<Promoting[]> {
  const all = [...builds.values()].flat();
  const running = await listRunningPromotions(promotions, `${states}:stateMachine:${promotionName(factory.name)}`);
  return Promise.all(
    running.map(async (one) => ({
      ...one,
      build: all.find(({ build }) => isPromotionOf(one.name, build)),
      state: await findLastState(promotions, one),
    })),
  );
}

async function readBuildStates({ imageBuilder }: Reading, builds: Facts["builds"]): Promise<Facts["buildStates"]> {
  const building = [...builds.values()].flat().filter(({ status }) => status === "building");
  const found = await Promise.all(building.map(({ build }) => readImage(imageBuilder, build)));
  return new Map(building.map(({ build }, n) => [build, found[n]?.status ?? "unknown"]));
}
