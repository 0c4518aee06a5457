import { SFNClient } from "@aws-sdk/client-sfn";
import { type BuildRecord, findBuild } from "../../adapters/build/builds.ts";
import { readImageState } from "../../adapters/build/image-state.ts";
import { putEvent } from "../../adapters/bus.ts";
import { type HistoryEntry, listMoves } from "../../adapters/channel/history.ts";
import { stopPromotion } from "../../adapters/promotion/executions.ts";
import { findAttempt } from "../../adapters/promotion/failed-promotions.ts";
import {
  findRevocation,
  listWithdrawals,
  type Revocation,
  recordLeft,
  recordReported,
  recordRevocation,
  stopRestoration,
} from "../../adapters/revocation/revocations.ts";
import { imageOf } from "../../core/build/build-arn.ts";
import type { BuildArn } from "../../events/ids.ts";
import { buildRevoked } from "../../events/revocation.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import { keepRings } from "../channel/keep-ring.ts";
import { publishMoved } from "../channel/publish-moved.ts";
import type { Invocation } from "../invocation.ts";
import { isAtStopped, leaveStopped } from "./leave-stopped.ts";
import { reshareBuild } from "./reshare-build.ts";
import { unshareBuild } from "./unshare-build.ts";
import { askUsage } from "./usage.ts";

export interface AskedRevocation {
  readonly build: BuildArn;
  readonly by: string;
  readonly reason: string;
  /** The revoked ancestor, when this build is revoked as its descendant. */
  readonly because?: BuildArn | undefined;
}

export interface RevokedBuild {
  readonly image: string;
  readonly build: BuildArn;
  readonly channels: readonly { readonly channel: string; readonly to?: BuildArn }[];
  readonly withdrawn: readonly { readonly region: string; readonly amiId: string }[];
  readonly sharedWith: readonly string[];
  readonly left: readonly string[];
}

/**
 * Revokes a build: stops its promotion, records the revocation (which blocks sharing and channel moves), moves channels
 * off it and disables its AMIs. Every step can be repeated and resumed.
 * @throws NothingToRevoke if the build is unknown to the factory or has no AMI
 */
export async function revokeOne(asked: AskedRevocation, invocation: Invocation): Promise<RevokedBuild> {
  const { ledger, now } = invocation;
  const { build, by, reason, because } = asked;
  const subject = await requireRevocable(build, invocation);
  const { image } = subject;
  const left: string[] = [];
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (failure) {
      invocation.log.warn("left", { build, what, failure: String(failure) });
      left.push(`${what}: ${failure instanceof Error ? failure.message : failure}`);
    }
  };
  const stop = () => attempt("its promotion", () => stopItsPromotion(asked, invocation));
  // Before the revocation is recorded: otherwise a promotion state that fails because of it would undo the promotion
  // and lose the record of what it shared. Repeated below, as a promotion may start in between.
  await stop();
  const at = now.toISOString();
  const record = { reason, by, at, ...(because && { because }) };
  const first = await recordRevocation(ledger, build, record);
  // Already revoked, and being restored at this moment: revoke it again.
  if (!first && !(await stopRestoration(ledger, build))) await recordRevocation(ledger, build, record);
  const revoked: Revocation = (await findRevocation(ledger, build)) ?? record;
  await stop();
  const channels = await channelsOf(image, invocation);
  const each = (work: (at: ChannelOf) => Promise<unknown>) =>
    Promise.all(channels.map((channel) => attempt(`channel ${channel}`, () => work({ image, channel }))));
  // Also channels that left it already: the function that moved one may have crashed before it wrote the parameters.
  // Only here do rings follow their channel.
  await each(async (at) => {
    if (!(await wasEverAt(at, build, invocation))) return;
    await leaveStopped(at, invocation);
    await keepRings(at, invocation);
  });
  // While it can still be launched: AWS does not document whether EC2 reports usage of a disabled AMI.
  if (!revoked.told) await askUsage(subject, revoked.at, invocation);
  const { withdrawn: unshared, sharedWith, left: stillShared } = await unshareBuild(subject, revoked, invocation);
  left.push(...stillShared);
  // The promotion that was running may have moved a channel after it was checked.
  await each(async (at) => {
    if (await isAtStopped(at, invocation)) await leaveStopped(at, invocation);
    await keepRings(at, invocation);
  });
  const moved = await findLeft({ image, build, channels }, revoked, invocation);
  const all = [...new Set(left)];
  if (!(await recordLeft(ledger, build, all))) {
    throw new RestoredMeanwhile(
      build,
      await reshareBuild(build, await listWithdrawals(ledger, build, revoked), invocation),
    );
  }
  // Compared with what was reported: the function that recorded the revocation may have crashed before it sent the
  // notice.
  if (JSON.stringify(revoked.told) !== JSON.stringify(all)) {
    await publish({ image, build, channels: moved, withdrawn: unshared, sharedWith, left: all }, revoked, invocation);
    await recordReported(ledger, build, all);
  }
  return { image, build, channels: moved, withdrawn: unshared, sharedWith, left: all };
}

async function stopItsPromotion({ build, by, reason }: AskedRevocation, invocation: Invocation): Promise<void> {
  const { settings, client, ledger } = invocation;
  const attempt = await findAttempt(ledger, build);
  await stopPromotion(
    client(SFNClient),
    { place: settings.place, factory: settings.factory.name, build, ...(attempt && { attempt }) },
    { error: "BuildRevoked", cause: `${by}: ${reason}` },
  );
}

async function requireRevocable(build: BuildArn, { ledger, settings }: Invocation): Promise<BuildRecord> {
  const image = imageOf(settings.factory, build);
  const record = image === undefined ? undefined : await findBuild(ledger, image, build);
  if (!record) throw new NothingToRevoke(build, "the factory has no record of it");
  if (record.status !== "available") throw new NothingToRevoke(build, `it is ${record.status} and not shared`);
  return record;
}

/** Also channels that were removed from the config: what they point at still counts. */
async function channelsOf(image: string, { ledger, settings }: Invocation): Promise<string[]> {
  const configured = settings.factory.images[image]?.channels.map(({ name }) => name) ?? [];
  return [...new Set([...configured, ...Object.keys((await readImageState(ledger, image, ["channels"])).channels)])];
}

const wasEverAt = async ({ image, channel }: ChannelOf, build: BuildArn, { ledger }: Invocation): Promise<boolean> =>
  (await listMoves(ledger, image, channel)).some((move) => move.build === build);

/** The channels that this revocation moved, from their histories; includes earlier tries. */
async function findLeft(
  { image, build, channels }: { image: string; build: BuildArn; channels: readonly string[] },
  revoked: Revocation,
  { ledger }: Invocation,
): Promise<RevokedBuild["channels"]> {
  const found = await Promise.all(
    channels.map(async (channel) => ({ channel, next: findAfter(await listMoves(ledger, image, channel), build) })),
  );
  return found.flatMap(({ channel, next }) =>
    next && next.movedAt >= revoked.at && (next.how === "revoke" || !next.build)
      ? [{ channel, ...(next.build && { to: next.build }) }]
      : [],
  );
}

/** The move that last took a channel off a build. */
function findAfter(moves: readonly HistoryEntry[], build: BuildArn): HistoryEntry | undefined {
  const last = moves.findLastIndex((move) => move.build === build);
  return last < 0 ? undefined : moves[last + 1];
}

async function publish(done: RevokedBuild, { by, reason, because }: Revocation, invocation: Invocation): Promise<void> {
  const { image, build, withdrawn: unshared } = done;
  const { channels } = await readImageState(invocation.ledger, image, ["channels"]);
  for (const { channel, to } of done.channels) {
    const pointed = channels[channel];
    if (!to || pointed?.build !== to) continue;
    await publishMoved(
      { image, channel },
      pointed,
      { previous: build, because: `${by} revoked it: ${reason}` },
      invocation,
    );
  }
  await putEvent(invocation.bus, buildRevoked, {
    ...done,
    reason,
    by,
    ...(because && { because }),
    channels: [...done.channels],
    withdrawn: [...unshared],
    sharedWith: [...done.sharedWith],
    left: [...done.left],
  });
}

/** The build is unknown or was never shared. */
class NothingToRevoke extends Error {
  override readonly name = "NothingToRevoke";

  constructor(build: BuildArn, why: string) {
    super(`${build} is not revoked: ${why}. Only available builds can be.`);
  }
}

/** The build was restored during a repeated revocation: its state is as before. */
class RestoredMeanwhile extends Error {
  override readonly name = "RestoredMeanwhile";

  /** @param failed one message for each AMI that was not restored */
  constructor(build: BuildArn, failed: readonly string[]) {
    const shared = failed.length === 0 ? "is shared as before" : `is only partly shared again (${failed.join("; ")})`;
    super(`${build} was restored while it was being revoked, and ${shared}; to revoke it, repeat the command.`);
  }
}
