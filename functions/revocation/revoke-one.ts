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
  recordRevocation,
  recordTold,
  stopRestoration,
} from "../../adapters/revocation/revocations.ts";
import { imageOf } from "../../core/build/build-arn.ts";
import type { BuildArn } from "../../events/ids.ts";
import { buildRevoked } from "../../events/revocation.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import { keepRings } from "../channel/keep-ring.ts";
import { tellMoved } from "../channel/tell-moved.ts";
import type { Step } from "../step.ts";
import { giveBack } from "./give-back.ts";
import { isAtWithdrawn, leaveWithdrawn } from "./leave-withdrawn.ts";
import { askUsage } from "./usage.ts";
import { withdrawBuild } from "./withdraw-build.ts";

export interface AskedRevocation {
  readonly build: BuildArn;
  readonly by: string;
  readonly reason: string;
  /** The build that this one descends from, where that was what somebody revoked. */
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
 * Withdraws a build: its promotion is stopped; it is written down, so that nothing shares it or moves a channel to it
 * any more; channels leave it; its AMIs are disabled. Everything can be done again, and is gone on with.
 * @throws NothingToRevoke where it is no build of the factory, or has no AMI
 */
export async function revokeOne(asked: AskedRevocation, step: Step): Promise<RevokedBuild> {
  const { ledger, now } = step;
  const { build, by, reason, because } = asked;
  const subject = await requireRevocable(build, step);
  const { image } = subject;
  const left: string[] = [];
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (failure) {
      step.log.warn("left", { build, what, failure: String(failure) });
      left.push(`${what}: ${failure instanceof Error ? failure.message : failure}`);
    }
  };
  const stop = () => attempt("its promotion", () => stopItsPromotion(asked, step));
  // Before it is written down: a state that then fails over it would have the promotion undone, and what it had shared
  // forgotten. And once more after: it may have begun in between.
  await stop();
  const at = now.toISOString();
  const record = { reason, by, at, ...(because && { because }) };
  const first = await recordRevocation(ledger, build, record);
  // Revoked before, and restored in this very moment: then it is revoked anew.
  if (!first && !(await stopRestoration(ledger, build))) await recordRevocation(ledger, build, record);
  const revoked: Revocation = (await findRevocation(ledger, build)) ?? record;
  await stop();
  const channels = await channelsOf(image, step);
  const each = (work: (at: ChannelOf) => Promise<unknown>) =>
    Promise.all(channels.map((channel) => attempt(`channel ${channel}`, () => work({ image, channel }))));
  // Also one that left it already: whoever moved it may have died before the parameters. Rings follow their channel only here.
  await each(async (at) => {
    if (!(await wasEverAt(at, build, step))) return;
    await leaveWithdrawn(at, step);
    await keepRings(at, step);
  });
  // While it can still be launched: whether EC2 reports on a disabled AMI is not documented.
  if (!revoked.told) await askUsage(subject, revoked.at, step);
  const { withdrawn, sharedWith, left: notWithdrawn } = await withdrawBuild(subject, revoked, step);
  left.push(...notWithdrawn);
  // A state of the promotion that was under way may have moved a channel after it was looked at.
  await each(async (at) => {
    if (await isAtWithdrawn(at, step)) await leaveWithdrawn(at, step);
    await keepRings(at, step);
  });
  const moved = await findLeft({ image, build, channels }, revoked, step);
  const all = [...new Set(left)];
  if (!(await recordLeft(ledger, build, all))) {
    throw new RestoredMeanwhile(build, await giveBack(build, await listWithdrawals(ledger, build, revoked), step));
  }
  // Not by who was the first to write it down: that one may have died before it told anybody.
  if (JSON.stringify(revoked.told) !== JSON.stringify(all)) {
    await tell({ image, build, channels: moved, withdrawn, sharedWith, left: all }, revoked, step);
    await recordTold(ledger, build, all);
  }
  return { image, build, channels: moved, withdrawn, sharedWith, left: all };
}

async function stopItsPromotion({ build, by, reason }: AskedRevocation, step: Step): Promise<void> {
  const { settings, client, ledger } = step;
  const attempt = await findAttempt(ledger, build);
  await stopPromotion(
    client(SFNClient),
    { place: settings.place, factory: settings.factory.name, build, ...(attempt && { attempt }) },
    { error: "BuildRevoked", cause: `${by}: ${reason}` },
  );
}

async function requireRevocable(build: BuildArn, { ledger, settings }: Step): Promise<BuildRecord> {
  const image = imageOf(settings.factory, build);
  const record = image === undefined ? undefined : await findBuild(ledger, image, build);
  if (!record) throw new NothingToRevoke(build, "the factory knows no such build");
  if (record.status !== "available") throw new NothingToRevoke(build, `it is ${record.status}: nobody has it`);
  return record;
}

/** Also those that the config has no more: what they point at is followed all the same. */
async function channelsOf(image: string, { ledger, settings }: Step): Promise<string[]> {
  const configured = settings.factory.images[image]?.channels.map(({ name }) => name) ?? [];
  return [...new Set([...configured, ...Object.keys((await readImageState(ledger, image, ["channels"])).channels)])];
}

const wasEverAt = async ({ image, channel }: ChannelOf, build: BuildArn, { ledger }: Step): Promise<boolean> =>
  (await listMoves(ledger, image, channel)).some((move) => move.build === build);

/** The channels that this revocation moved, as their histories say: also in an earlier try. */
async function findLeft(
  { image, build, channels }: { image: string; build: BuildArn; channels: readonly string[] },
  revoked: Revocation,
  { ledger }: Step,
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

/** The move that took a channel off a build for the last time. */
function findAfter(moves: readonly HistoryEntry[], build: BuildArn): HistoryEntry | undefined {
  const last = moves.findLastIndex((move) => move.build === build);
  return last < 0 ? undefined : moves[last + 1];
}

async function tell(done: RevokedBuild, { by, reason, because }: Revocation, step: Step): Promise<void> {
  const { image, build } = done;
  const { channels } = await readImageState(step.ledger, image, ["channels"]);
  for (const { channel, to } of done.channels) {
    const pointed = channels[channel];
    if (!to || pointed?.build !== to) continue;
    await tellMoved({ image, channel }, pointed, { previous: build, because: `${by} revoked it: ${reason}` }, step);
  }
  await putEvent(step.bus, buildRevoked, {
    ...done,
    reason,
    by,
    ...(because && { because }),
    channels: [...done.channels],
    withdrawn: [...done.withdrawn],
    sharedWith: [...done.sharedWith],
    left: [...done.left],
  });
}

/** Somebody revoked what nobody can have. */
class NothingToRevoke extends Error {
  override readonly name = "NothingToRevoke";

  constructor(build: BuildArn, why: string) {
    super(`${build} is not revoked: ${why}. Builds that are available can be revoked.`);
  }
}

/** Somebody restored the build while it was being revoked once more: it is as it was before. */
class RestoredMeanwhile extends Error {
  override readonly name = "RestoredMeanwhile";

  /** @param failed what could not be given back, in words */
  constructor(build: BuildArn, failed: readonly string[]) {
    const shared = failed.length === 0 ? "is shared as before" : `is not wholly shared again (${failed.join("; ")})`;
    super(`${build} was restored while it was being revoked, and ${shared}; revoke it anew to withdraw it.`);
  }
}
