import * as z from "zod";
import { knownBuild } from "../../adapters/build/builds.ts";
import { putEvent } from "../../adapters/bus.ts";
import { type ChannelRecord, changeRegions, findChannel, type RegionsBehind } from "../../adapters/channel/channels.ts";
import { listMoves, moveInLedger } from "../../adapters/channel/history.ts";
import { gatePassed } from "../../adapters/evidence/evidence.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { later, readTogether } from "../../adapters/ledger/wanted.ts";
import { findMove, findShares, recordMove } from "../../adapters/promotion/promotion.ts";
import { revocationOf } from "../../adapters/revocation/revocations.ts";
import { decideMove } from "../../core/channel/decide-move.ts";
import { isEnough, leaveBehind, type RegionRule, ruleOf, sayBehind } from "../../core/channel/held-regions.ts";
import { trailOf } from "../../core/channel/plan-rollback.ts";
import { requireChannel, requireImage } from "../../core/factory/require-image.ts";
import { type BuildArn, region } from "../../events/ids.ts";
import { promotionSuperseded } from "../../events/promotion.ts";
import { approved } from "../approval/require-approved.ts";
import { lambda } from "../lambda.ts";
import { findStop, type Stop, stopping, toStop } from "../promotion/find-stop.ts";
import { findSuperseding } from "../promotion/find-superseding.ts";
import { channelStateInput } from "../promotion/promotion-input.ts";
import { type Back, leaveFor } from "../revocation/leave-withdrawn.ts";
import { requireVerified } from "../share/require-verified.ts";
import type { Step } from "../step.ts";
import type { ChannelOf } from "./in-all-regions.ts";
import { ChannelContested, publishChannel } from "./publish-channel.ts";

const input = channelStateInput.extend({
  /** Regions that could not be reached, each with the reason. */
  behind: z.array(z.object({ region, why: z.string() })).default([]),
  /** Only to bring regions up that are behind: a channel that points at something else by now is left where it is. */
  again: z.boolean().default(false),
});

type Asked = z.input<typeof input> & z.output<typeof channelStateInput>;

/**
 * Points a channel at a build: first in the ledger (compare and set), then by the parameter of each region. Regions that
 * do not have it stay behind where the channel's quorum lets them, and keep what they have.
 */
export async function moveChannel(asked: Asked, step: Step): Promise<{ moved: boolean }> {
  const { image, build, channel } = asked;
  const { ledger, bus, settings } = step;
  // Read before it is asked whether the build was withdrawn: who withdraws it after finds the channel moved, or moves it.
  const current = await findChannel(ledger, image, channel);
  if (asked.again && current?.build !== build) return { moved: false };
  const [, revoked, undone, requireApproved, readStart, revokedBefore] = await readTogether(ledger, [
    gatePassed(build),
    ...stopping(build),
    later(approved(asked, settings)),
    later(knownBuild(image, build)),
    revocationOf(current?.build ?? build),
  ]);
  await refuseWithdrawn(asked, toStop(build, revoked, undone), step);
  requireApproved();
  const { startedAt } = readStart();
  const regions = await requireEnoughRegions(asked, current, step);
  const decision = decideMove(current && { ...current, revoked: revokedBefore !== undefined }, { build, startedAt });
  const rival = decision.kind === "move" ? await findSuperseding(asked, step) : undefined;
  const by = decision.kind === "superseded" ? decision.by : rival;
  if (by) {
    // Moved by an earlier try, which may have died after it had overtaken the newer one's parameters.
    if (await findMove(ledger, build, channel)) await publishChannel(asked, step, "not-behind");
    await putEvent(bus, promotionSuperseded, { image, build, channel, by });
    return { moved: false };
  }
  if (decision.kind === "move") {
    await recordMove(ledger, build, { channel, ...(current && { previous: current }) });
    const next = { build, startedAt, ...regions, how: "promotion" as const };
    const moved = await moveInLedger(ledger, { image, channel, now: step.now }, current, next);
    if (!moved) throw new ChannelContested(image, channel);
    await requireNotWithdrawn(asked, step);
  } else if (current && hasMore(regions, current)) {
    if (!(await changeRegions(ledger, { image, channel, now: step.now }, current, regions))) {
      throw new ChannelContested(image, channel);
    }
  }
  await publishChannel(asked, step, "not-behind");
  return { moved: true };
}

/**
 * The AMI of each region that was shared for this channel and read back, and the regions that stay behind. One that has
 * the build already keeps it, whatever became of it this time.
 * @throws TooFewRegions
 */
async function requireEnoughRegions(
  { image, build, channel, behind = [] }: Asked,
  current: ChannelRecord | undefined,
  step: Step,
): Promise<Pick<ChannelRecord, "amis" | "behind">> {
  const { ledger, settings } = step;
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
  await requireVerified({ image, build, channel }, Object.fromEntries(entering), step);
  return { amis, behind: Object.keys(left).length > 0 ? left : undefined };
}

/** Whether regions have the build, or are named as behind, that the ledger does not know of. */
const hasMore = ({ amis, behind = {} }: Pick<ChannelRecord, "amis" | "behind">, current: ChannelRecord): boolean =>
  Object.entries(amis).some(([region, artifact]) => current.amis[region] !== artifact) ||
  Object.keys(behind).some((region) => !current.behind?.[region]);

/** Of the regions that a channel is published in, fewer have the build than its rule asks for. */
class TooFewRegions extends Error {
  override readonly name = "TooFewRegions";

  constructor(build: BuildArn, channel: string, { regions, quorum, buildRegion }: RegionRule, behind: RegionsBehind) {
    const missing = Object.fromEntries(Object.entries(behind).filter(([region]) => regions.includes(region)));
    const needs = `${quorum} of its ${regions.length} regions${missing[buildRegion] ? `, ${buildRegion} among them,` : ""}`;
    super(`${build} does not enter ${channel}, which moves when ${needs} have it; not there: ${sayBehind(missing)}.`);
  }
}

/**
 * Asked by a promotion's move, before and after: a build that was withdrawn meanwhile does not stay in the channel, nor
 * one that an earlier try, which died, had moved there. The channel goes back to what it pointed at before; that is
 * shared still, as only what is withdrawn is taken from people.
 * @throws BuildRevoked, PromotionUndone, with the channel off the build
 */
async function requireNotWithdrawn(
  { image, channel, build }: ChannelOf & { readonly build: BuildArn },
  step: Step,
): Promise<void> {
  await refuseWithdrawn({ image, channel, build }, await findStop(step.ledger, build), step);
}

/** The same, where it was asked already. */
async function refuseWithdrawn(
  { image, channel, build }: ChannelOf & { readonly build: BuildArn },
  stop: Stop | undefined,
  step: Step,
): Promise<void> {
  const { ledger } = step;
  if (!stop) return;
  const wasThere = (await listMoves(ledger, image, channel)).some((move) => move.build === build);
  if (wasThere) await leaveFor(() => findBefore({ image, channel }, ledger), { image, channel }, step);
  throw stop.refusal;
}

/** The last build on the channel's way that nobody withdrew, as the channel had it; undefined where there is none. */
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
