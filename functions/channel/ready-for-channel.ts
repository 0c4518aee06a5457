import { readBuild } from "../../adapters/build/builds.ts";
import { type ChannelRecord, findChannel, type RegionsBehind } from "../../adapters/channel/channels.ts";
import { listMoves } from "../../adapters/channel/history.ts";
import { requireAmi } from "../../adapters/promotion/ami-of.ts";
import { findBack, type Obstacle } from "../../core/channel/plan-rollback.ts";
import { type Held, heldIn, isEnough, leaveBehind, type RegionRule, ruleOf } from "../../core/channel/regions.ts";
import { artifactInChannel, sayArtifact } from "../../core/containers/container-image.ts";
import { requireChannel, requireImage } from "../../core/factory/require-image.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { artifactOf, proveArtifact } from "../share/artifact-of.ts";
import { shareWithChannel } from "../share/share-with-channel.ts";
import type { ChannelOf } from "./in-all-regions.ts";
import { readObstacles } from "./read-obstacles.ts";

type Ready = Pick<ChannelRecord, "build" | "startedAt" | "amis" | "behind">;

interface Looked {
  readonly rule: RegionRule;
  /** By region, of those that can have the build. */
  readonly artifacts: Readonly<Record<string, ArtifactId>>;
  /** Why the others cannot. */
  readonly failed: Map<string, unknown>;
}

/**
 * Makes a build that is not being promoted ready for a channel: its AMI can be launched by all consumers of the
 * channel, in every region or in as many as the quorum requires. Beside reads, at most one change per region.
 * @throws AmiNotAvailable, NoAmiInRegion, and errors of `shareWithChannel`, where too many regions fail
 */
export async function readyForChannel(at: ChannelOf, build: BuildArn, invocation: Invocation): Promise<Ready> {
  const { ledger } = invocation;
  const { image, channel } = at;
  const { startedAt } = await readBuild(ledger, image, build);
  // All regions are read before the first share.
  const { rule, artifacts, failed } = await lookInRegions(at, build, invocation);
  await inEach(rule, failed, Object.keys(artifacts), (region) =>
    shareWithChannel({ image, build, channel, region, artifact: artifacts[region] as ArtifactId }, invocation),
  );
  const amis = Object.fromEntries(Object.entries(artifacts).filter(([region]) => !failed.has(region)));
  const current = await findChannel(ledger, image, channel);
  const why = new Map(
    [...failed].map(([region, error]) => [region, error instanceof Error ? error.message : `${error}`]),
  );
  const behind = leaveBehind(rule, current, Object.keys(amis), why);
  const left = await leaveWithoutBuild({ at, build, current, behind, failed }, invocation);
  return { build, startedAt, amis, ...(Object.keys(left).length > 0 && { behind: left }) };
}

/**
 * Why a build cannot become ready for a channel, in words that follow "it"; undefined: it can. Looks and changes nothing.
 * @throws where a region that the channel needs cannot be asked: that says nothing about the build
 */
export async function whyNotReady(at: ChannelOf, build: BuildArn, invocation: Invocation): Promise<Obstacle> {
  try {
    const { rule, artifacts, failed } = await lookInRegions(at, build, invocation);
    await inEach(rule, failed, Object.keys(artifacts), (region) =>
      proveArtifact({ build, region, artifact: artifacts[region] as ArtifactId }, invocation),
    );
    return undefined;
  } catch (error) {
    if (!isUnusable(error)) throw error;
    return error instanceof AmiNotAvailable ? error.obstacle : `cannot be used: ${error.message.replace(/\.$/, "")}`;
  }
}

/** What each region of a channel has of a build. @throws what keeps it from the channel, where the quorum does not let it */
async function lookInRegions(at: ChannelOf, build: BuildArn, invocation: Invocation): Promise<Looked> {
  const { ledger, settings } = invocation;
  const { factory } = settings;
  const { image, channel } = at;
  const rule = ruleOf(factory, requireImage(factory, image), requireChannel(factory, image, channel));
  const failed = new Map<string, unknown>();
  const artifacts = await inEach(rule, failed, rule.regions, async (region) => {
    const own = await requireAmi(ledger, { image, build, region }, factory.buildRegion);
    const artifact = artifactInChannel(own, factory.name, at);
    const state = await artifactOf(region, artifact, invocation).findState();
    if (state !== "available") throw new AmiNotAvailable(build, artifact, region, state ?? "gone");
    return artifact;
  });
  return { rule, artifacts, failed };
}

/** Works in regions side by side; those that fail stay behind. @throws the failure where too few are left */
async function inEach<Found>(
  rule: RegionRule,
  failed: Map<string, unknown>,
  regions: readonly string[],
  work: (region: string) => Promise<Found>,
): Promise<Record<string, Found>> {
  const found = await Promise.allSettled(regions.map(work));
  for (const [n, one] of found.entries()) if (one.status === "rejected") failed.set(regions[n] ?? "", one.reason);
  const all = [...failed.values()];
  const left = rule.regions.filter((region) => !failed.has(region));
  const fatal = all.find(isOfBuild) ?? (isEnough(rule, left) ? undefined : all[0]);
  if (fatal) throw fatal;
  return Object.fromEntries(found.flatMap((one, n) => (one.status === "fulfilled" ? [[regions[n], one.value]] : [])));
}

interface LeftBehind {
  readonly at: ChannelOf;
  readonly build: BuildArn;
  readonly current: ChannelRecord | undefined;
  readonly behind: RegionsBehind;
  readonly failed: ReadonlyMap<string, unknown>;
}

/**
 * A region without the build's AMI must not keep the build that the channel leaves: it returns to its value from when
 * the channel last pointed at the target build, or to nothing. A region that could not be reached does not change.
 */
async function leaveWithoutBuild(left: LeftBehind, invocation: Invocation): Promise<RegionsBehind> {
  const { at, build, current, behind, failed } = left;
  const then = (await listMoves(invocation.ledger, at.image, at.channel)).findLast((move) => move.build === build);
  const each = Object.entries(behind).map(async ([region, one]): Promise<[string, RegionsBehind[string]]> => {
    if (one.build !== current?.build || !hasNoAmi(failed.get(region))) return [region, one];
    const held = then?.build ? heldIn(then, region) : undefined;
    return [region, { why: one.why, ...(held && (await share(at, region, held, invocation))) }];
  });
  return Object.fromEntries(await Promise.all(each));
}

/** @returns undefined where it is no longer usable */
async function share(
  at: ChannelOf,
  region: string,
  { build, amiId: artifact }: Held,
  invocation: Invocation,
): Promise<Held | undefined> {
  try {
    const state = await artifactOf(region, artifact, invocation).findState();
    if (state !== "available") return undefined;
    await shareWithChannel({ ...at, build, region, artifact }, invocation);
    return { build, amiId: artifact };
  } catch (error) {
    invocation.log.warn("region left without a build", { ...at, region, build, why: String(error) });
    return undefined;
  }
}

/** Errors that apply to the build in every region. */
const isOfBuild = (error: unknown): boolean =>
  error instanceof Error && ["BuildRevoked", "BuildRetired", "PromotionUndone"].includes(error.name);

const hasNoAmi = (error: unknown): boolean =>
  error instanceof Error && ["AmiNotAvailable", "NoAmiInRegion"].includes(error.name);

/** The target build of a rollback cannot be launched in one of the regions. */
class AmiNotAvailable extends Error {
  override readonly name = "AmiNotAvailable";

  /** In words that follow "it". */
  readonly obstacle: string;

  constructor(build: BuildArn, artifact: ArtifactId, region: string, state: string) {
    const obstacle = `cannot be used in ${region}: its ${sayArtifact(artifact)} is ${state}`;
    super(`${build} ${obstacle}. No channel was moved.`);
    this.obstacle = obstacle;
  }
}

/** The last usable earlier build; skips builds that cannot be shared. */
export async function findGood(at: ChannelOf, from: BuildArn, invocation: Invocation) {
  const moves = await listMoves(invocation.ledger, at.image, at.channel);
  const builds = moves.flatMap(({ build }) => build ?? []);
  const obstacle = await readObstacles(at.image, builds, invocation);
  const failed = new Map<BuildArn, string>();
  for (;;) {
    const back = findBack(moves, from, (build) => failed.get(build) ?? obstacle(build));
    if (!back) return undefined;
    try {
      return await readyForChannel(at, back, invocation);
    } catch (error) {
      if (!isUnusable(error)) throw error;
      invocation.log.warn("build skipped on rollback", { ...at, build: back, why: String(error) });
      failed.set(back, String(error));
    }
  }
}

/** Errors of the build itself; other errors may pass on a retry. */
const isUnusable = (error: unknown): error is Error =>
  error instanceof Error &&
  ["AmiNotAvailable", "NoAmiInRegion", "NotProven", "BuildRevoked", "BuildRetired", "PromotionUndone"].includes(
    error.name,
  );
