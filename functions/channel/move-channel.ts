import * as z from "zod";
import { knownBuild } from "../../adapters/build/builds.ts";
import { putEvent } from "../../adapters/bus.ts";
import { type ChannelRecord, changeRegions, findChannel, type RegionsBehind } from "../../adapters/channel/channels.ts";
import { listMoves, moveInLedger } from "../../adapters/channel/history.ts";
import { gatePassed } from "../../adapters/evidence/evidence.ts";
import { lazyRead, readBatch } from "../../adapters/ledger/reads.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { findMove, findShares, recordMove } from "../../adapters/promotion/promotion.ts";
import { revocationOf } from "../../adapters/revocation/revocations.ts";
import { decideMove } from "../../core/channel/decide-move.ts";
import { trailOf } from "../../core/channel/plan-rollback.ts";
import { isEnough, leaveBehind, type RegionRule, ruleOf, sayBehind } from "../../core/channel/regions.ts";
import { requireChannel, requireImage } from "../../core/factory/require-image.ts";
import { type BuildArn, region } from "../../events/ids.ts";
import { promotionSuperseded } from "../../events/promotion.ts";
import { approved } from "../approval/require-approved.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { findStop, type Stop, stopping, toStop } from "../promotion/find-stop.ts";
import { findSuperseding } from "../promotion/find-superseding.ts";
import { channelStateInput } from "../promotion/promotion-input.ts";
import { type Back, leaveFor } from "../revocation/leave-stopped.ts";
import { requireVerified } from "../share/require-verified.ts";
import type { ChannelOf } from "./in-all-regions.ts";
import { ChannelContested, publishChannel } from "./publish-channel.ts";

const input = channelStateInput.extend({
  /** Regions that could not be reached, with the reasons. */
  behind: z.array(z.object({ region, why: z.string() })).default([]),
  /** Only updates regions that are behind: a channel that has moved on stays where it is. */
  again: z.boolean().default(false),
});

type Asked = z.input<typeof input> & z.output<typeof channelStateInput>;

/**
 * Points a channel at a build: first in the ledger by compare-and-set, then in the parameter of each region. Regions
 * without the build stay behind, if the channel's quorum allows it, and keep their value.
 */
export async function moveChannel(asked: Asked, invocation: Invocation): Promise<{ moved: boolean }> {
  const { image, build, channel } = asked;
  const { ledger, bus, settings } = invocation;
  // Read before the check for a revocation: a later revocation sees the channel as moved, or moves it.
  const current = await findChannel(ledger, image, channel);
  if (asked.again && current?.build !== build) return { moved: false };
  const [, revoked, undone, requireApproved, readStart, revokedBefore] = await readBatch(ledger, [
    gatePassed(build),
    ...stopping(build),
    lazyRead(approved(asked, settings)),
    lazyRead(knownBuild(image, build)),
    revocationOf(current?.build ?? build),
  ]);
  await refuseStopped(asked, toStop(build, revoked, undone), invocation);
  requireApproved();
  const { startedAt } = readStart();
  const regions = await requireEnoughRegions(asked, current, invocation);
  const decision = decideMove(current && { ...current, revoked: revokedBefore !== undefined }, { build, startedAt });
  const rival = decision.kind === "move" ? await findSuperseding(asked, invocation) : undefined;
  const by = decision.kind === "superseded" ? decision.by : rival;
  if (by) {
    // An earlier try may have moved it and crashed after overwriting the newer move's parameters.
    if (await findMove(ledger, build, channel)) await publishChannel(asked, invocation, "not-behind");
    await putEvent(bus, promotionSuperseded, { image, build, channel, by });
    return { moved: false };
  }
  let moved: ChannelRecord | undefined;
  if (decision.kind === "move") {
    await recordMove(ledger, build, { channel, ...(current && { previous: current }) });
    const next = { build, startedAt, ...regions, how: "promotion" as const };
    moved = await moveInLedger(ledger, { image, channel, now: invocation.now }, current, next);
    if (!moved) throw new ChannelContested(image, channel);
    await requireStillUsable(asked, invocation);
  } else if (current && hasMore(regions, current)) {
    if (!(await changeRegions(ledger, { image, channel, now: invocation.now }, current, regions))) {
      throw new ChannelContested(image, channel);
    }
  }
  await publishChannel(asked, invocation, "not-behind", moved);
  return { moved: true };
}

/**
 * The AMI of each region where the share for this channel is verified, and the regions that stay behind. A region that
 * already has the build keeps it, whatever the result of this try.
 * @throws TooFewRegions
 */
async function requireEnoughRegions(
  { image, build, channel, behind = [] }: Asked,
  current: ChannelRecord | undefined,
  invocation: Invocation,
): Promise<Pick<ChannelRecord, "amis" | "behind">> {
  const { ledger, settings } = invocation;
  const { factory } = settings;
  const rule = ruleOf(factory, requireImage(factory, image), requireChannel(factory, image, channel));
  const why = new Map(behind.map((one) => [one.region, one.why]));
  const shared = (await findShares(ledger, build)).filter(
    (share) =>
      share.channel === channel && share.verified && rule.regions.includes(share.region) && !why.has(share.region),
  );
  const had = current?.build === build ? current.amis : {};
  const given = Object.fromEntries(shared.map((share) => [share.region, share.amiId]));
  const amis = { ...given, ...had };
  const left = leaveBehind(rule, current, Object.keys(amis), why);
  if (!isEnough(rule, Object.keys(amis))) throw new TooFewRegions(build, channel, rule, left);
  const entering = Object.entries(given).filter(([region]) => !(region in had));
  await requireVerified({ image, build, channel }, Object.fromEntries(entering), invocation);
  return { amis, behind: Object.keys(left).length > 0 ? left : undefined };
}

/** Whether some region has the build, or is behind, without a record in the ledger. */
const hasMore = ({ amis, behind = {} }: Pick<ChannelRecord, "amis" | "behind">, current: ChannelRecord): boolean =>
  Object.entries(amis).some(([region, artifact]) => current.amis[region] !== artifact) ||
  Object.keys(behind).some((region) => !current.behind?.[region]);

/** Fewer regions have the build than the channel's quorum requires. */
class TooFewRegions extends Error {
  override readonly name = "TooFewRegions";

  constructor(build: BuildArn, channel: string, { regions, quorum, buildRegion }: RegionRule, behind: RegionsBehind) {
    const missing = Object.fromEntries(Object.entries(behind).filter(([region]) => regions.includes(region)));
    const needs = `${quorum} of its ${regions.length} regions${missing[buildRegion] ? `, including ${buildRegion}` : ""}`;
    super(
      `${build} was not moved to ${channel}, which requires the build in ${needs}; missing: ${sayBehind(missing)}.`,
    );
  }
}

/**
 * Runs before and after a promotion's move: a build that was revoked or undone meanwhile must leave the channel, also
 * when an earlier try moved it there and crashed. The channel returns to its previous build, which is still shared.
 * @throws BuildRevoked, PromotionUndone after the channel has left the build
 */
async function requireStillUsable(
  { image, channel, build }: ChannelOf & { readonly build: BuildArn },
  invocation: Invocation,
): Promise<void> {
  await refuseStopped({ image, channel, build }, await findStop(invocation.ledger, build), invocation);
}

/** The same, with the stop already read. */
async function refuseStopped(
  { image, channel, build }: ChannelOf & { readonly build: BuildArn },
  stop: Stop | undefined,
  invocation: Invocation,
): Promise<void> {
  const { ledger } = invocation;
  if (!stop) return;
  const wasThere = (await listMoves(ledger, image, channel)).some((move) => move.build === build);
  if (wasThere) await leaveFor(() => findBefore({ image, channel }, ledger), { image, channel }, invocation);
  throw stop.refusal;
}

/** The channel's last build that was neither revoked nor undone, with its regions; undefined where none exists. */
async function findBefore({ image, channel }: ChannelOf, ledger: Ledger): Promise<Back | undefined> {
  const moves = await listMoves(ledger, image, channel);
  for (const build of trailOf(moves).toReversed()) {
    if (await findStop(ledger, build)) continue;
    const had = moves.findLast((move) => move.build === build);
    if (!had?.build) continue;
    const { startedAt, amis, behind, onlyAfter } = had;
    return { build, startedAt, amis, behind, onlyAfter };
  }
  return undefined;
}

export const handler = lambda({ input, run: moveChannel });
