import * as z from "zod";
import { below, keyOf, partitionOf } from "../../core/ledger/kinds.ts";
import { stages } from "../../core/retirement/facts.ts";
import { artifactId, type BuildArn, buildArn } from "../../events/ids.ts";
import { absent, get, type Ledger, present, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";
import { permission } from "../promotion/promotion.ts";

const retirementWriter = /* @__PURE__ */ writer("retirement");
const retiredRegionWriter = /* @__PURE__ */ writer("retiredRegion");
const holdWriter = /* @__PURE__ */ writer("hold");

const stage = z.enum(stages);

const retirement = z.object({
  image: z.string(),
  build: buildArn,
  /** The stage that was begun last. */
  stage,
  at: z.iso.datetime(),
  /** Why, as text. */
  why: z.array(z.string()).readonly(),
  /** The stage of the last notice. */
  told: stage.optional(),
  /** It is being restored, since `at`. */
  givingBack: z.boolean().optional(),
  /** When it was restored: it stays for a while afterwards. */
  givenBackAt: z.iso.datetime().optional(),
  /** The invocation that works on the build's AMIs, and since when; others wait until it has ended at the latest. */
  claim: z.object({ by: z.string(), at: z.iso.datetime() }).optional(),
  /** Incremented with each write, for optimistic locking. */
  revision: z.int().positive(),
});

/** A build's retirement, in all regions together. */
export type Retirement = z.output<typeof retirement>;

const proof = z.object({
  region: z.string(),
  reports: z.array(z.object({ id: z.string(), askedAt: z.iso.datetime() })).readonly(),
  lastLaunchedAt: z.iso.datetime().optional(),
});

const snapshot = z.object({ snapshotId: z.string(), result: z.string() });

const region = z.object({
  build: buildArn,
  region: z.string(),
  amiId: artifactId,
  /** The last completed stage here; absent until the first is complete. */
  done: z.object({ stage, at: z.iso.datetime() }).optional(),
  /** Its launch permissions, which EC2 drops when an AMI is disabled, and the channels whose marks it had. */
  saved: z.object({ permission, marks: z.array(z.string()).readonly() }).optional(),
  /** Its deprecation date before retirement; `none` without one; absent where retirement set none. */
  deprecatedBefore: z.union([z.iso.datetime(), z.literal("none")]).optional(),
  /** The proof of disuse for each stage that required one. */
  proofs: z.partialRecord(stage, proof).default({}),
  /** EC2's result for each snapshot of the deregistered AMI. */
  snapshots: z.array(snapshot).readonly().optional(),
});

/** A build's retirement in one region. */
export type RetiredRegion = z.output<typeof region>;

const key = (build: BuildArn) => keyOf("retirement", { build });

const regionKey = ({ build, region }: Pick<RetiredRegion, "build" | "region">) =>
  keyOf("retiredRegion", { build, region });

export interface RetiredBuild {
  readonly retirement: Retirement | undefined;
  readonly regions: ReadonlyMap<string, RetiredRegion>;
}

/** All builds with a retirement, in one query. */
export async function listRetirements(ledger: Ledger): Promise<ReadonlyMap<BuildArn, RetiredBuild>> {
  const builds = new Map<BuildArn, { retirement: Retirement | undefined; regions: Map<string, RetiredRegion> }>();
  const at = (build: BuildArn) => {
    const known = builds.get(build) ?? { retirement: undefined, regions: new Map<string, RetiredRegion>() };
    builds.set(build, known);
    return known;
  };
  for (const item of await query(ledger, partitionOf("retirement"))) {
    if ("region" in item) {
      const one = region.parse(item);
      at(one.build).regions.set(one.region, one);
    } else {
      const one = retirement.parse(item);
      at(one.build).retirement = one;
    }
  }
  return builds;
}

export async function findRetirement(ledger: Ledger, build: BuildArn): Promise<RetiredBuild> {
  const items = await query(ledger, below("retirement", { build }));
  // Another build's ARN may begin with this one's.
  const own = items.filter(({ sk }) => sk === build || String(sk).startsWith(`${build}#`));
  const begun = own.find((item) => !("region" in item));
  const regions = own.filter((item) => "region" in item).map((item) => region.parse(item));
  return {
    retirement: begun && retirement.parse(begun),
    regions: new Map(regions.map((one) => [one.region, one])),
  };
}

/**
 * Records a stage before anything is done.
 * @param before the record as read; undefined: none
 * @returns the new record; undefined where another function has written it meanwhile
 */
export async function recordRetirement(
  ledger: Ledger,
  next: Omit<Retirement, "revision">,
  before: Pick<Retirement, "revision"> | undefined,
): Promise<Retirement | undefined> {
  const revised: Retirement = { ...next, revision: (before?.revision ?? 0) + 1 };
  const unchanged = before && { expression: "revision = :revision", values: { ":revision": before.revision } };
  return (await retirementWriter.put(ledger, key(next.build), revised, unchanged ?? absent)) ? revised : undefined;
}

export const recordRetiredRegion = (ledger: Ledger, one: RetiredRegion): Promise<boolean> =>
  retiredRegionWriter.put(ledger, regionKey(one), one);

const hold = z.object({
  image: z.string(),
  build: buildArn,
  /** The last day on which it counts, in UTC. */
  until: z.iso.date(),
  by: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
});

/** Protects a build from retirement until a date. */
export type Hold = z.output<typeof hold>;

const keyOfHold = (build: BuildArn) => keyOf("hold", { build });

/** One per build: a later hold replaces it. */
export const recordHold = (ledger: Ledger, one: Hold): Promise<boolean> =>
  holdWriter.put(ledger, keyOfHold(one.build), one);

/** @returns false where no hold exists */
export const removeHold = (ledger: Ledger, build: BuildArn): Promise<boolean> =>
  holdWriter.remove(ledger, keyOfHold(build), present);

/** Also an expired one. */
export async function findHold(ledger: Ledger, build: BuildArn): Promise<Hold | undefined> {
  const item = await get(ledger, keyOfHold(build));
  return item && hold.parse(item);
}

/** For all images; includes expired ones. */
export const listHolds = async (ledger: Ledger): Promise<Hold[]> =>
  (await query(ledger, below("hold"))).map((item) => hold.parse(item));
