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
  /** What was begun last. */
  stage,
  at: z.iso.datetime(),
  /** Why, in words. */
  why: z.array(z.string()).readonly(),
  /** People were told of what was done with it last. */
  told: stage.optional(),
  /** It is being given back; `at` is when that began. */
  givingBack: z.boolean().optional(),
  /** It was given back, and when: who wants it has a while to say so. */
  givenBackAt: z.iso.datetime().optional(),
  /** The invocation that acts upon the build's AMIs, and when it began; others wait, until it must have ended. */
  claim: z.object({ by: z.string(), at: z.iso.datetime() }).optional(),
  /** One more with each write: whoever read another one writes nothing. */
  revision: z.int().positive(),
});

/** How far a build's retirement has come, in all regions together. */
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
  /** What is done here; left out while the first act is under way. */
  done: z.object({ stage, at: z.iso.datetime() }).optional(),
  /** Who could launch it, and the channels whose marks it bore: EC2 forgets the former when an AMI is disabled. */
  saved: z.object({ permission, marks: z.array(z.string()).readonly() }).optional(),
  /** The date of deprecation that it had before, or that it had none; left out where retirement set none. */
  deprecatedBefore: z.union([z.iso.datetime(), z.literal("none")]).optional(),
  /** By what it was seen that nobody uses it, by the stage that was allowed by it. */
  proofs: z.partialRecord(stage, proof).default({}),
  /** What became of its snapshots, as EC2 said when the AMI was deregistered. */
  snapshots: z.array(snapshot).readonly().optional(),
});

/** What retirement did to a build in one region. */
export type RetiredRegion = z.output<typeof region>;

const key = (build: BuildArn) => keyOf("retirement", { build });

const regionKey = ({ build, region }: Pick<RetiredRegion, "build" | "region">) =>
  keyOf("retiredRegion", { build, region });

export interface RetiredBuild {
  readonly retirement: Retirement | undefined;
  readonly regions: ReadonlyMap<string, RetiredRegion>;
}

/** Of all builds that were begun with, in one query. */
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
 * Writes down what is begun, before anything is done.
 * @param before as it was read; undefined: there was none
 * @returns as it is written now; undefined where somebody else wrote it meanwhile
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

/** That somebody wants a build kept. */
export type Hold = z.output<typeof hold>;

const keyOfHold = (build: BuildArn) => keyOf("hold", { build });

/** One for each build: a later one takes the place of the one before. */
export const recordHold = (ledger: Ledger, one: Hold): Promise<boolean> =>
  holdWriter.put(ledger, keyOfHold(one.build), one);

/** @returns false where there is none */
export const removeHold = (ledger: Ledger, build: BuildArn): Promise<boolean> =>
  holdWriter.remove(ledger, keyOfHold(build), present);

/** One that is over, too. */
export async function findHold(ledger: Ledger, build: BuildArn): Promise<Hold | undefined> {
  const item = await get(ledger, keyOfHold(build));
  return item && hold.parse(item);
}

/** Of all images; those that are over, too. */
export const listHolds = async (ledger: Ledger): Promise<Hold[]> =>
  (await query(ledger, below("hold"))).map((item) => hold.parse(item));
