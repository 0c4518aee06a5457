import { EC2Client } from "@aws-sdk/client-ec2";
import type { BuildRecord } from "../../adapters/build/builds.ts";
import type { ImageState } from "../../adapters/build/image-state.ts";
import type { ChannelRecord } from "../../adapters/channel/channels.ts";
import { type HistoryEntry, type MovesOf, readMoves } from "../../adapters/channel/history.ts";
import { readBatchOf } from "../../adapters/ledger/reads.ts";
import { goneOf } from "../../adapters/retirement/leftovers.ts";
import type { RetiredBuild } from "../../adapters/retirement/retirements.ts";
import { readAncestors } from "../../adapters/revocation/ancestry.ts";
import { findRevocation, type Revocation } from "../../adapters/revocation/revocations.ts";
import { isAmiId } from "../../core/build/build-arn.ts";
import { findBack } from "../../core/channel/plan-rollback.ts";
import type { BuildArn } from "../../events/ids.ts";
import { readAllObstacles } from "../channel/read-obstacles.ts";
import type { Invocation } from "../invocation.ts";
import { isGone } from "./claim.ts";

/** An image's builds, from its channels. */
export interface ImageFacts {
  /** Builds that a channel points at, or that one of its regions still has. */
  readonly pointing: ReadonlyMap<BuildArn, readonly string[]>;
  /** Builds that a channel would roll back to. */
  readonly backFor: ReadonlyMap<BuildArn, readonly string[]>;
  /** Builds that were ever in a channel. */
  readonly published: ReadonlySet<BuildArn>;
}

interface ChannelMoves {
  readonly image: string;
  readonly channel: string;
  readonly current: ChannelRecord | undefined;
  readonly moves: readonly HistoryEntry[];
  readonly ever: readonly BuildArn[];
}

/** Any read failure is an error: a build counts as in use until it is known to be unused. */
export async function readImageFacts(
  states: ReadonlyMap<string, Pick<ImageState, "channels">>,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<ReadonlyMap<string, ImageFacts>> {
  const channels: ChannelMoves[] = [];
  const movesOf = await readMoves(invocation.ledger);
  for (const [image, state] of states) channels.push(...listChannelMoves(image, state, movesOf, invocation));
  const trails = channels.flatMap(({ image, current, ever }) => (current ? [{ image, builds: ever }] : []));
  const obstaclesFor = await readAllObstacles(trails, invocation);
  return new Map(
    [...states.keys()].map((image) => {
      const own = channels.filter((one) => one.image === image);
      return [image, toImageFacts(own, obstaclesFor)];
    }),
  );
}

function listChannelMoves(
  image: string,
  state: Pick<ImageState, "channels">,
  movesOf: MovesOf,
  { settings }: Invocation<"PROMOTION_ARN">,
): ChannelMoves[] {
  const configured = (settings.factory.images[image]?.channels ?? []).map(({ name }) => name);
  const listed: ChannelMoves[] = [];
  for (const channel of new Set([...configured, ...Object.keys(state.channels)])) {
    const current = state.channels[channel];
    const moves = movesOf(image, channel, current);
    listed.push({ image, channel, current, moves, ever: moves.flatMap(({ build }) => build ?? []) });
  }
  return listed;
}

function toImageFacts(
  channels: readonly ChannelMoves[],
  obstaclesFor: Awaited<ReturnType<typeof readAllObstacles>>,
): ImageFacts {
  const pointing = new Map<BuildArn, string[]>();
  const backFor = new Map<BuildArn, string[]>();
  const published = new Set<BuildArn>();
  for (const { channel, current, moves, ever } of channels) {
    for (const build of ever) published.add(build);
    if (!current) continue;
    add(pointing, current.build, channel);
    published.add(current.build);
    for (const [region, { build }] of Object.entries(current.behind ?? {})) {
      if (build) add(pointing, build, `${channel} in ${region}`);
    }
    const back = findBack(moves, current.build, obstaclesFor(ever));
    if (back) add(backFor, back, channel);
  }
  return { pointing, backFor, published };
}

function add(to: Map<BuildArn, string[]>, build: BuildArn, channel: string): void {
  to.set(build, [...(to.get(build) ?? []), channel]);
}

/** Newest first. */
export const newestFirst = (builds: readonly BuildRecord[]): BuildRecord[] =>
  builds.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));

/**
 * Counts, up to `keep`, the usable builds that are newer than each of these.
 * @param builds builds that were in a channel and still exist
 * @param known revocations already read; others are looked up
 */
export async function countNewer(
  builds: readonly BuildRecord[],
  keep: number,
  known: ReadonlyMap<BuildArn, Revocation | undefined>,
  { ledger }: Invocation,
): Promise<ReadonlyMap<BuildArn, number>> {
  const newer = new Map<BuildArn, number>();
  let count = 0;
  const isRevoked = async (build: BuildArn) =>
    (known.has(build) ? known.get(build) : await findRevocation(ledger, build)) !== undefined;
  for (const { build } of newestFirst(builds)) {
    newer.set(build, count);
    if (count < keep && !(await isRevoked(build))) count++;
  }
  return newer;
}

/**
 * The existing builds that descend from each build: as recorded or, where the start was recorded late, by their AMIs'
 * ancestry.
 */
export async function findLivingChildren(
  builds: readonly BuildRecord[],
  retired: ReadonlyMap<BuildArn, RetiredBuild>,
  { ledger, settings, client }: Invocation<"PROMOTION_ARN">,
): Promise<ReadonlyMap<BuildArn, readonly BuildArn[]>> {
  const { images, buildRegion } = settings.factory;
  const byAmi = new Map(builds.flatMap(({ build, amiId }) => (amiId ? [[amiId as string, build] as const] : [])));
  const children = new Map<BuildArn, BuildArn[]>();
  const descending = builds.filter(({ image, build, status, parentBuild }) => {
    const parent = images[image]?.parent;
    const descends = parentBuild !== undefined || (parent !== undefined && "image" in parent);
    return (status === "available" || status === "building") && descends && !isGone(retired.get(build));
  });
  const unretired = descending.map(({ build }) => build).filter((build) => !retired.has(build));
  const gone = await readBatchOf(ledger, unretired, (build) => [goneOf(build)]);
  for (const { build, parentBuild, amiId } of descending) {
    // Removed as a leftover; AMIs that are pending retirement still exist.
    if (gone.get(build)?.[0]) continue;
    const ancestors =
      parentBuild || !amiId || !isAmiId(amiId) ? [] : await readAncestors(client(EC2Client, buildRegion), amiId);
    for (const of of parentBuild ? [parentBuild] : ancestors.flatMap((ami) => byAmi.get(ami) ?? [])) {
      children.set(of, [...(children.get(of) ?? []), build]);
    }
  }
  return children;
}
