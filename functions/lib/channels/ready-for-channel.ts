import { findAmiStates } from "../../../adapters/ami-state.ts";
import { requireAmi } from "../../../adapters/ledger/ami-of.ts";
import { readBuild } from "../../../adapters/ledger/builds.ts";
import type { ChannelRecord } from "../../../adapters/ledger/channels.ts";
import type { AmiId, BuildArn } from "../../../events/ids.ts";
import type { AmiStep, ChannelOf } from "./channel-step.ts";
import { inAllRegions } from "./in-all-regions.ts";
import { shareWithChannel } from "./share-with-channel.ts";

/**
 * Makes a build that is not being promoted ready for a channel: its AMI can be launched in every region, by everybody
 * who follows the channel. At most one change a region, beside looking.
 * @throws AmiNotAvailable, NoAmiInRegion, and what `shareWithChannel` throws
 */
export async function readyForChannel(
  { image, channel }: ChannelOf,
  build: BuildArn,
  step: AmiStep,
): Promise<Pick<ChannelRecord, "build" | "startedAt" | "amis">> {
  const { ledger, settings, clients } = step;
  const { regions, buildRegion } = settings.factory;
  const { startedAt } = await readBuild(ledger, image, build);
  const amis: Record<string, AmiId> = {};
  // All of them are looked at before the first is shared.
  await inAllRegions(regions, async (region) => {
    const amiId = await requireAmi(ledger, { image, build, region }, buildRegion);
    const state = (await findAmiStates(clients.ec2(region), [amiId])).get(amiId);
    if (state !== "available") throw new AmiNotAvailable(build, amiId, region, state ?? "gone");
    amis[region] = amiId;
  });
  await inAllRegions(Object.keys(amis), (region) =>
    shareWithChannel({ image, build, channel, region, amiId: amis[region] as AmiId }, step),
  );
  return { build, startedAt, amis };
}

/** A build that a channel should go back to cannot be launched in one of the regions. */
class AmiNotAvailable extends Error {
  override readonly name = "AmiNotAvailable";
  readonly code = "AMI_NOT_AVAILABLE";

  constructor(build: BuildArn, amiId: AmiId, region: string, state: string) {
    super(`${build} cannot be had in ${region}: its AMI ${amiId} is ${state}. No channel was moved.`);
  }
}
