import type * as z from "zod";
import { putEvent } from "../adapters/bus.ts";
import { readBuild } from "../adapters/ledger/builds.ts";
import { type ChannelRecord, findChannel } from "../adapters/ledger/channels.ts";
import { emptyInLedger, moveInLedger } from "../adapters/ledger/history.ts";
import { findMove, findShares, recordMove } from "../adapters/ledger/promotion.ts";
import { BuildRevoked, findRevocation, requirePromotable } from "../adapters/ledger/revocations.ts";
import { decideMove } from "../core/decide-move.ts";
import { requireChannel } from "../core/require-image.ts";
import type { BuildArn } from "../events/ids.ts";
import { promotionSuperseded } from "../events/promotion-superseded.ts";
import { requireApproved } from "./lib/approvals/require-approved.ts";
import { parameterClients } from "./lib/channels/channel-clients.ts";
import type { ParameterStep } from "./lib/channels/channel-step.ts";
import { findSuperseding } from "./lib/channels/find-superseding.ts";
import { ChannelContested, publishChannel } from "./lib/channels/publish-channel.ts";
import { lambda } from "./lib/lambda.ts";
import { channelStepInput } from "./lib/promotion-input.ts";

type Asked = z.output<typeof channelStepInput>;

/** Points a channel at a build: first in the ledger (compare and set), then by the parameter of each region. */
export async function moveChannel(asked: Asked, step: ParameterStep): Promise<{ moved: boolean }> {
  const { image, build, channel } = asked;
  const { ledger, bus, settings } = step;
  requireChannel(settings.factory, image, channel);
  // Read before it is asked whether the build is revoked: who revokes it afterwards finds the channel moved, or moves it.
  const current = await findChannel(ledger, image, channel);
  await requirePromotable(ledger, build);
  await requireApproved(asked, step);
  const { startedAt } = await readBuild(ledger, image, build);
  const amis = await requireSharedEverywhere(build, channel, step);
  const revoked = current !== undefined && (await findRevocation(ledger, current.build)) !== undefined;
  const decision = decideMove(current && { ...current, revoked }, { build, startedAt });
  const rival = decision.kind === "move" ? await findSuperseding(asked, step) : undefined;
  const by = decision.kind === "superseded" ? decision.by : rival;
  if (by) {
    // Moved by an earlier try, which may have died after it had overtaken the newer one's parameters.
    if (await findMove(ledger, build, channel)) await publishChannel(asked, step);
    await putEvent(bus, promotionSuperseded, { image, build, channel, by });
    return { moved: false };
  }
  if (decision.kind === "move") {
    await recordMove(ledger, build, { channel, ...(current && { previous: current }) });
    const next = { build, startedAt, amis, how: "promotion" as const };
    const moved = await moveInLedger(ledger, { image, channel, now: step.now }, current, next);
    if (!moved) throw new ChannelContested(image, channel);
    await requireNotRevokedMeanwhile(asked, moved, current, step);
  }
  await publishChannel(asked, step);
  return { moved: true };
}

export const handler = lambda({
  input: channelStepInput,
  clients: parameterClients,
  run: moveChannel,
});

/** @throws BuildRevoked, with the channel where it was: who revoked the build may have looked before it was moved */
async function requireNotRevokedMeanwhile(
  { image, channel, build }: Asked,
  moved: ChannelRecord,
  before: ChannelRecord | undefined,
  step: ParameterStep,
): Promise<void> {
  const { ledger, now } = step;
  const revoked = await findRevocation(ledger, build);
  if (!revoked) return;
  const why = { how: "revoke" as const, by: revoked.by, because: revoked.reason };
  if (before) await moveInLedger(ledger, { image, channel, now }, moved, { ...before, ...why });
  else await emptyInLedger(ledger, { image, channel, now }, moved, why);
  await publishChannel({ image, channel }, step);
  throw new BuildRevoked(build, revoked);
}

/** The AMI of each region, all of them shared for this channel and read back. */
async function requireSharedEverywhere(build: BuildArn, channel: string, { ledger, settings }: ParameterStep) {
  const shares = (await findShares(ledger, build)).filter((share) => share.channel === channel && share.verified);
  const amis = Object.fromEntries(shares.map(({ region, amiId }) => [region, amiId]));
  const missing = settings.factory.regions.filter((region) => !amis[region]);
  if (missing.length > 0) throw new NotSharedEverywhere(build, channel, missing);
  return amis;
}

export class NotSharedEverywhere extends Error {
  override readonly name = "NotSharedEverywhere";
  readonly code = "NOT_SHARED_EVERYWHERE";

  constructor(build: BuildArn, channel: string, missing: readonly string[]) {
    super(
      `${build} is not shared for channel ${channel} in ${missing.join(", ")}; the channel moves only when every region is shared.`,
    );
  }
}
