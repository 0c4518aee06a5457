import { SFNClient } from "@aws-sdk/client-sfn";
import { listOpenApprovals } from "../../adapters/approval/approvals.ts";
import type { BuildRecord } from "../../adapters/build/builds.ts";
import { readAllImageStates } from "../../adapters/build/image-state.ts";
import { listMoves } from "../../adapters/channel/history.ts";
import { readBatchOf } from "../../adapters/ledger/reads.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { listPromoting } from "../../adapters/promotion/executions.ts";
import { type FailedPromotion, failedPromotionOf } from "../../adapters/promotion/failed-promotions.ts";
import { listHolds, listRetirements, type RetiredBuild } from "../../adapters/retirement/retirements.ts";
import { type Revocation, revocationOf } from "../../adapters/revocation/revocations.ts";
import { listRings } from "../../adapters/rollout/rings.ts";
import { listRollouts, listTargets } from "../../adapters/rollout/rollouts.ts";
import type { Retention } from "../../core/factory/image-schema.ts";
import type { LedgerFacts } from "../../core/retirement/facts.ts";
import type { TargetRecord } from "../../core/rollout/records.ts";
import { ringBuilds } from "../../core/rollout/ring.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { isGone } from "./claim.ts";
import { countNewer, findLivingChildren, type ImageFacts, newestFirst, readImageFacts } from "./read-image-facts.ts";

/** A build that retirement may take, with its records. */
export interface Subject {
  readonly facts: LedgerFacts;
  readonly record: BuildRecord;
  readonly retired: RetiredBuild | undefined;
}

interface Everywhere {
  readonly promoting: ReadonlySet<BuildArn>;
  readonly rollouts: ReadonlyMap<BuildArn, readonly string[]>;
  readonly awaiting: ReadonlyMap<BuildArn, string>;
  readonly holds: ReadonlyMap<BuildArn, NonNullable<LedgerFacts["hold"]>>;
  readonly retirements: ReadonlyMap<BuildArn, RetiredBuild>;
  readonly children: ReadonlyMap<BuildArn, readonly BuildArn[]>;
}

/**
 * Every available build of the images with a retention, oldest first. Any read failure is an error: a build counts as
 * in use until it is known to be unused.
 */
export async function readLedgerFacts(invocation: Invocation<"PROMOTION_ARN">): Promise<Subject[]> {
  const { ledger, client, settings } = invocation;
  const states = await readAllImageStates(ledger, ["channels", "builds"]);
  const retirements = await listRetirements(ledger);
  const all = [...states.values()].flatMap(({ builds }) => builds);
  const everywhere: Everywhere = {
    promoting: await listPromoting(client(SFNClient), settings.env.PROMOTION_ARN),
    rollouts: await rolloutUses(ledger),
    awaiting: new Map((await listOpenApprovals(ledger)).map(({ build, channel }) => [build, channel])),
    holds: new Map((await listHolds(ledger)).map((hold) => [hold.build, hold])),
    retirements,
    children: await findLivingChildren(all, retirements, invocation),
  };
  const retained = new Map([...states].filter(([image]) => settings.factory.images[image]?.retention));
  const imageFacts = await readImageFacts(retained, invocation);
  const candidates = [...retained].flatMap(([image, state]): Candidates[] => {
    const retention = settings.factory.images[image]?.retention;
    const facts = imageFacts.get(image);
    if (!retention || !facts) return [];
    const available = state.builds.filter(({ status }) => status === "available");
    const usable = available.filter(({ build }) => facts.published.has(build) && !isGone(retirements.get(build)));
    return [{ retention, facts, available, usable }];
  });
  const endings = await readEndings(candidates, retirements, invocation);
  const revoked = new Map([...endings].map(([build, [one]]) => [build, one]));
  const subjects: Subject[] = [];
  for (const { retention, facts, available, usable } of candidates) {
    const newer = await countNewer(usable, retention.keep, revoked, invocation);
    for (const record of available) {
      subjects.push(toSubject(record, { retention, facts, newer, everywhere, endings }, invocation));
    }
  }
  return subjects.toSorted((a, b) => (a.facts.startedAt < b.facts.startedAt ? -1 : 1));
}

/** An image's builds that may be retired. */
interface Candidates {
  readonly retention: Retention;
  readonly facts: ImageFacts;
  readonly available: readonly BuildRecord[];
  /** Those that were in a channel and still exist. */
  readonly usable: readonly BuildRecord[];
}

type Endings = ReadonlyMap<BuildArn, readonly [Revocation | undefined, FailedPromotion | undefined]>;

/** Revocations and failed promotions of the builds whose retirement depends on them. */
function readEndings(
  candidates: readonly Candidates[],
  retirements: ReadonlyMap<BuildArn, RetiredBuild>,
  { ledger, now }: Invocation,
): Promise<Endings> {
  const builds = candidates.flatMap(({ retention, available, usable }) => [
    ...available.filter((one) => isOld(one, retention, now) && !isGone(retirements.get(one.build))),
    ...newestFirst(usable).slice(0, retention.keep),
  ]);
  return readBatchOf(
    ledger,
    builds.map(({ build }) => build),
    (build) => [revocationOf(build), failedPromotionOf(build)] as const,
  );
}

const isOld = ({ startedAt }: BuildRecord, { deprecateAfter }: Retention, now: Date): boolean =>
  Date.parse(startedAt) + deprecateAfter * 1000 <= now.getTime();

interface Circumstances {
  readonly retention: Retention;
  readonly facts: ImageFacts;
  readonly newer: ReadonlyMap<BuildArn, number>;
  readonly everywhere: Everywhere;
  readonly endings: Endings;
}

function toSubject(
  record: BuildRecord,
  { retention, facts, newer, everywhere, endings }: Circumstances,
  { now }: Invocation,
): Subject {
  const { image, build, startedAt } = record;
  const retired = everywhere.retirements.get(build);
  const begun = retired?.retirement;
  const gone = isGone(retired);
  // These decide nothing about young builds.
  const [revoked, failed] = (isOld(record, retention, now) && !gone && endings.get(build)) || [];
  const moments = [
    { what: "it was revoked", at: revoked?.at },
    { what: "its promotion failed", at: failed?.at },
    { what: "it was restored", at: begun?.givenBackAt },
  ];
  return {
    record,
    retired,
    facts: {
      image,
      build,
      startedAt,
      retention,
      published: facts.published.has(build) || revoked !== undefined,
      newer: newer.get(build) ?? retention.keep,
      channels: facts.pointing.get(build) ?? [],
      backFor: facts.backFor.get(build) ?? [],
      rollouts: everywhere.rollouts.get(build) ?? [],
      promoting: everywhere.promoting.has(build),
      awaiting: everywhere.awaiting.get(build),
      children: everywhere.children.get(build) ?? [],
      hold: everywhere.holds.get(build),
      moments: moments.flatMap(({ what, at }) => (at === undefined ? [] : [{ what, at }])),
      stage: begun && { stage: begun.stage, at: begun.at },
      revision: begun?.revision,
      givingBack: begun?.givingBack,
      revoked: revoked !== undefined,
      gone,
    },
  };
}

/**
 * The builds that roll-outs keep in use, with the reasons: rings that lag behind their channel, and builds that groups
 * may return to. Any read failure is an error: a build counts as in use until it is known to be unused.
 */
async function rolloutUses(ledger: Ledger): Promise<ReadonlyMap<BuildArn, readonly string[]>> {
  const uses = new Map<BuildArn, Set<string>>();
  const use = (build: BuildArn, why: string) => uses.set(build, (uses.get(build) ?? new Set()).add(why));
  for (const { channel, wave, ring } of await listRings(ledger)) {
    for (const build of ringBuilds(ring)) use(build, `${channel}'s ring ${wave} names it`);
  }
  for (const { image, channel, record } of await listRollouts(ledger)) {
    const targets = await listTargets(ledger, { image, channel, rollout: record.id });
    const former = new Set(targets.flatMap(formerAmis));
    if (former.size === 0) continue;
    for (const { build, ...move } of await listMoves(ledger, image, channel)) {
      const amis = "amis" in move ? Object.values(move.amis) : [];
      if (build && amis.some((ami) => former.has(ami))) use(build, `groups that follow ${channel} may return to it`);
    }
  }
  return new Map([...uses].map(([build, whys]) => [build, [...whys]]));
}

/** The AMIs that a group's template versions or overrides had before the roll-out. */
function formerAmis({ how }: TargetRecord): readonly string[] {
  if (how?.mode === "version") return [how.previousAmi];
  return how?.mode === "override" ? how.previousAmis : [];
}
