import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { type HistoryEntry, listMoves, moveInLedger } from "../../adapters/channel/history.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { type Obstacle, planRollback, refuseStranger } from "../../core/channel/plan-rollback.ts";
import { requireChannel } from "../../core/factory/require-image.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { requireNotStopped } from "../revocation/leave-stopped.ts";
import type { ChannelOf } from "./in-all-regions.ts";
import { ChannelContested, findAtOdds, publishChannel } from "./publish-channel.ts";
import { readObstacles } from "./read-obstacles.ts";
import { readyForChannel, whyNotReady } from "./ready-for-channel.ts";

interface AskedRollback {
  readonly image: string;
  readonly channel: string;
  /** A build's ARN, or its version such as `1.0.0/3`. Default: the last usable earlier build. */
  readonly to?: string | undefined;
  /** What the channel pointed at when the rollback was requested; a channel that has moved since stays where it is. */
  readonly from?: BuildArn | undefined;
  readonly by: string;
  readonly reason: string;
  /** Identifies the rollback: a repeated request resumes it instead of rolling back further. */
  readonly request: string;
}

interface RolledBack {
  readonly pointed: ChannelRecord;
  readonly previous: BuildArn | undefined;
  /** Regions whose parameter differed from the ledger, for example after a manual edit. */
  readonly corrected: readonly string[];
}

/**
 * Rolls a channel back in three steps: shares the build again where necessary, in all regions; moves the channel in the
 * ledger by compare-and-set; writes the parameters of all regions at once. Consumers see no change before the ledger
 * has moved.
 * @throws UnknownImage, UnknownChannel, RollbackRefused, ChannelMovedOn, ChannelContested, AmiNotAvailable
 */
export async function moveBack(asked: AskedRollback, invocation: Invocation): Promise<RolledBack> {
  const { image, channel } = asked;
  requireChannel(invocation.settings.factory, image, channel);
  const current = await findChannel(invocation.ledger, image, channel);
  const history = await listMoves(invocation.ledger, image, channel);
  const before = history.findIndex((moved) => moved.build && moved.request === asked.request) - 1;
  if (before >= -1) return goOn(asked, history[before]?.build, invocation);
  requireStillFrom(asked, current);
  // A region that cannot be read does not block the rollback; whether it may stay behind is decided below.
  const skip = (region: string, failure: unknown) =>
    invocation.log.warn("region not read", { region, failure: String(failure) });
  const corrected = current ? await findAtOdds(asked, current, invocation, skip) : [];
  const to = await plan(asked, { current, history }, invocation);
  if (to !== current?.build) await move(asked, current, to, invocation);
  const pointed = await publish(asked, invocation);
  return { pointed, previous: current?.build, corrected: corrected.map(({ region }) => region) };
}

/**
 * Decides by what AWS says now: a build that is chosen or offered is looked at in every region first, and passed by where
 * it would be refused.
 */
async function plan(
  asked: AskedRollback,
  { current, history }: { current: ChannelRecord | undefined; history: readonly HistoryEntry[] },
  invocation: Invocation,
): Promise<BuildArn> {
  const { image, channel, to: wanted } = asked;
  const ever = history.flatMap(({ build }) => build ?? []);
  const to = ever.find((build) => build === wanted || buildVersion(build) === wanted);
  const known = await readObstacles(image, ever, invocation);
  const looked = new Map<BuildArn, Obstacle>();
  for (;;) {
    const obstacle = (build: BuildArn): Obstacle => looked.get(build) ?? known(build);
    const planned =
      wanted && !to
        ? refuseStranger({ history, current: current?.build, obstacle })
        : planRollback({ history, current: current?.build, to, obstacle });
    if (planned.kind === "stays") return planned.at;
    const named = planned.kind === "move" ? [planned.to] : planned.possible.slice(0, MOST_NAMED);
    const unseen = named.filter((build) => !looked.has(build));
    for (const build of unseen) looked.set(build, await whyNotReady({ image, channel }, build, invocation));
    // What was just looked at can have changed the plan.
    if (unseen.some((build) => looked.get(build))) continue;
    if (planned.kind === "move") return planned.to;
    throw new RollbackRefused({ image, channel }, wanted, planned.why, planned.possible);
  }
}

async function move(
  asked: AskedRollback,
  current: ChannelRecord | undefined,
  to: BuildArn,
  invocation: Invocation,
): Promise<void> {
  const { image, channel, by, reason, request } = asked;
  const ready = await readyForChannel(asked, to, invocation);
  const onlyAfter = [current?.onlyAfter, current?.startedAt]
    .flatMap((at) => at ?? [])
    .toSorted()
    .at(-1);
  const next = { ...ready, how: "rollback" as const, by, because: reason, request, ...(onlyAfter && { onlyAfter }) };
  if (await moveInLedger(invocation.ledger, { image, channel, now: invocation.now }, current, next)) {
    await requireNotStopped(asked, invocation);
    return;
  }
  const now = await findChannel(invocation.ledger, image, channel);
  throw new ChannelContested(image, channel, now && `${now.by ?? now.how} to ${buildVersion(now.build)}`);
}

/** The same rollback requested again: the ledger has moved, but the parameters may not have. */
async function goOn(asked: AskedRollback, previous: BuildArn | undefined, invocation: Invocation): Promise<RolledBack> {
  await requireNotStopped(asked, invocation);
  return { pointed: await publish(asked, invocation), previous, corrected: [] };
}

async function publish(asked: AskedRollback, invocation: Invocation): Promise<ChannelRecord> {
  const pointed = await publishChannel(asked, invocation, "not-behind");
  if (!pointed) throw new ChannelContested(asked.image, asked.channel, "a revocation that emptied it");
  return pointed;
}

const MOST_NAMED = 10;

/** A channel cannot roll back, or not to the requested build. */
class RollbackRefused extends Error {
  override readonly name = "RollbackRefused";

  constructor({ image, channel }: ChannelOf, to: string | undefined, why: string, possible: readonly BuildArn[]) {
    const goal = to ? ` to ${/^arn:/.test(to) ? to.split("/").slice(2).join("/") : to}` : "";
    const named = possible.slice(0, MOST_NAMED).map(buildVersion).join(", ");
    super(
      `${image} ${channel} is not rolled back${goal}: ${why}. ${named ? `Possible: ${named}.` : "No other build is possible."}`,
    );
  }
}

/**
 * Two concurrent requests from the same state roll back once.
 * @throws ChannelMovedOn
 */
function requireStillFrom(
  { image, channel, from }: ChannelOf & { readonly from?: BuildArn | undefined },
  current: ChannelRecord | undefined,
): void {
  if (from && current?.build !== from) throw new ChannelMovedOn({ image, channel }, from, current);
}

/** The channel moved after the requester saw it. */
class ChannelMovedOn extends Error {
  override readonly name = "ChannelMovedOn";

  constructor({ image, channel }: ChannelOf, from: BuildArn, current: ChannelRecord | undefined) {
    const mover = `${current?.how ?? "promotion"}${current?.by ? ` by ${current.by}` : ""}`;
    const now = current
      ? `has pointed at ${buildVersion(current.build)} since ${current.movedAt} (${mover})`
      : "now points at nothing";
    super(
      `${image} ${channel} pointed at ${buildVersion(from)} at the time of the request, and ${now}. It was not moved; repeat the request if it should move.`,
    );
  }
}
