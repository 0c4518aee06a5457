import { SSMClient } from "@aws-sdk/client-ssm";
import { putEvent } from "../adapters/bus.ts";
import { readBuild } from "../adapters/ledger/builds.ts";
import { type ChannelRecord, findChannel, pointChannel } from "../adapters/ledger/channels.ts";
import { requireGatePassed } from "../adapters/ledger/evidence.ts";
import { findShares, recordMove } from "../adapters/ledger/promotion.ts";
import { publishAmi } from "../adapters/parameters.ts";
import { decideMove } from "../core/decide-move.ts";
import { channelParameter } from "../core/names.ts";
import { requireChannel } from "../core/require-image.ts";
import type { BuildArn } from "../events/ids.ts";
import { promotionSuperseded } from "../events/promotion-superseded.ts";
import { lambda } from "./lib/lambda.ts";
import { channelStepInput } from "./lib/promotion-input.ts";
import { perRegion, type Step } from "./lib/step.ts";

const clients = () => ({ ssm: perRegion((region) => new SSMClient({ region })) });
type MoveStep = Step<never, ReturnType<typeof clients>>;

/** Points a channel at a build: first in the ledger (compare and set), then by the parameter of each region. */
export const handler = lambda({
  input: channelStepInput,
  clients,
  async run({ image, build, channel }, step) {
    const { ledger, bus, settings } = step;
    requireChannel(settings.factory, image, channel);
    await requireGatePassed(ledger, build);
    const { startedAt } = await readBuild(ledger, image, build);
    const amis = await requireSharedEverywhere(build, channel, step);
    const current = await findChannel(ledger, image, channel);
    const decision = decideMove(current, { build, startedAt });
    if (decision.kind === "superseded") {
      await putEvent(bus, promotionSuperseded, { image, build, channel, by: decision.by });
      return { moved: false };
    }
    if (decision.kind === "move") {
      await recordMove(ledger, build, { channel, ...(current && { previous: current }) });
      const next: ChannelRecord = { build, startedAt, amis, movedAt: step.now.toISOString() };
      if (!(await pointChannel(ledger, image, channel, current?.build, next)))
        throw new ChannelContested(image, channel);
    }
    await publishEverywhere(image, channel, amis, step);
    return { moved: true };
  },
});

/** The AMI of each region, all of them shared for this channel and read back. */
async function requireSharedEverywhere(build: BuildArn, channel: string, { ledger, settings }: MoveStep) {
  const shares = (await findShares(ledger, build)).filter((share) => share.channel === channel && share.verified);
  const amis = Object.fromEntries(shares.map(({ region, amiId }) => [region, amiId]));
  const missing = settings.factory.regions.filter((region) => !amis[region]);
  if (missing.length > 0) throw new NotSharedEverywhere(build, channel, missing);
  return amis;
}

async function publishEverywhere(
  image: string,
  channel: string,
  amis: ChannelRecord["amis"],
  { settings, clients }: MoveStep,
): Promise<void> {
  const parameter = channelParameter(settings.factory.name, image, channel);
  for (const [region, amiId] of Object.entries(amis)) await publishAmi(clients.ssm(region), parameter, amiId);
}

/** Another promotion moved the channel in this very moment; the state machine tries again and decides anew. */
export class ChannelContested extends Error {
  override readonly name = "ChannelContested";
  readonly code = "CHANNEL_CONTESTED";

  constructor(image: string, channel: string) {
    super(`The channel ${channel} of ${image} was moved by another promotion at the same moment.`);
  }
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
