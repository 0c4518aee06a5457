import type { SSMClient } from "@aws-sdk/client-ssm";
import { type ChannelRecord, findChannel } from "../../../adapters/ledger/channels.ts";
import { publishAmi, readParameter, removeParameter } from "../../../adapters/parameters.ts";
import { channelParameter } from "../../../core/names.ts";
import type { AmiId } from "../../../events/ids.ts";
import type { ChannelOf, ParameterStep } from "./channel-step.ts";
import { inAllRegions } from "./in-all-regions.ts";

const TRIES = 5;

/**
 * Makes the parameters of all regions say what the ledger says, at once. Whoever else moves the channel at that moment
 * may have its parameters overtaken by these, or these by its own; so the ledger is asked again afterwards, by both.
 * @returns where the channel points
 * @throws ChannelContested where it was moved each time anew
 */
export async function publishChannel(at: ChannelOf, step: ParameterStep): Promise<ChannelRecord | undefined> {
  const { ledger, settings, clients } = step;
  const parameter = channelParameter(settings.factory.name, at.image, at.channel);
  for (let tries = 0; tries < TRIES; tries++) {
    const pointed = await findChannel(ledger, at.image, at.channel);
    const regions = [...new Set([...settings.factory.regions, ...Object.keys(pointed?.amis ?? {})])];
    await inAllRegions(regions, async (region) => {
      const ami = pointed?.amis[region];
      if (ami) await publishPatiently(clients.ssm(region), parameter, ami, clients.wait);
      else await removeForGood(clients.ssm(region), parameter, clients.wait);
    });
    const now = await findChannel(ledger, at.image, at.channel);
    if (now?.build === pointed?.build && now?.movedAt === pointed?.movedAt) return now;
  }
  throw new ChannelContested(at.image, at.channel);
}

const PUTS = 10;
const BETWEEN_MS = 2_000;

/** SSM refuses a value while it still checks the one before (Systems Manager user guide, "aws:ec2:image"). */
async function publishPatiently(
  client: SSMClient,
  parameter: string,
  ami: AmiId,
  wait: ParameterStep["clients"]["wait"],
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await publishAmi(client, parameter, ami);
    } catch (error) {
      if (tries === PUTS || !(error instanceof Error && error.name === "TooManyUpdates")) throw error;
      await wait(BETWEEN_MS);
    }
  }
}

const LOOKS = 3;

/** A value that SSM still checked when the parameter was removed makes it anew: so it is looked for again. */
async function removeForGood(
  client: SSMClient,
  parameter: string,
  wait: ParameterStep["clients"]["wait"],
): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks++) {
    await removeParameter(client, parameter);
    await wait(BETWEEN_MS);
    if (looks > 0 && (await readParameter(client, parameter)) === undefined) return;
  }
}

/** The regions whose parameter does not say (yet) what the ledger says, with what it says. */
export async function findAtOdds(
  { image, channel }: ChannelOf,
  { amis }: Pick<ChannelRecord, "amis">,
  { settings, clients }: ParameterStep,
): Promise<{ readonly region: string; readonly says: string | undefined }[]> {
  const parameter = channelParameter(settings.factory.name, image, channel);
  const found = await inAllRegions(Object.keys(amis), async (region) => ({
    region,
    says: await readParameter(clients.ssm(region), parameter),
  }));
  return found.filter(({ region, says }) => says !== amis[region]);
}

/** Somebody else moved the channel in this very moment; who asks again decides anew. */
export class ChannelContested extends Error {
  override readonly name = "ChannelContested";
  readonly code = "CHANNEL_CONTESTED";

  constructor(image: string, channel: string, by?: string) {
    super(`The channel ${channel} of ${image} was moved by ${by ?? "somebody else"} at the same moment.`);
  }
}
