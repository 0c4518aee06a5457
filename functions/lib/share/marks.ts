import { deprecateFrom, protectImage, readImageAttributes, requireImdsV2 } from "../../../adapters/image-attributes.ts";
import { findShares } from "../../../adapters/ledger/promotion.ts";
import { tagResources } from "../../../adapters/resource-tags.ts";
import { attachWatermark, detachWatermark } from "../../../adapters/watermarks.ts";
import { channelMark, channelMarkKey } from "../../../core/names.ts";
import { planAttributes } from "../../../core/share/plan-attributes.ts";
import type { AmiId, BuildArn } from "../../../events/ids.ts";
import type { AmiStep } from "../channels/channel-step.ts";

interface AmiIn {
  readonly region: string;
  readonly amiId: AmiId;
}

/** Sets on an AMI, and on its snapshots, what they lack of how everything is that the factory gives to people. */
export async function prepareAmi(
  { region, amiId }: AmiIn,
  wanted: Parameters<typeof planAttributes>[1],
  { clients, now }: AmiStep,
): Promise<void> {
  const ec2 = clients.ec2(region);
  const present = await readImageAttributes(ec2, amiId);
  if (!present) throw new AmiGone(amiId, region);
  const change = planAttributes(present, wanted, now);
  if (Object.keys(change.tags).length > 0) await tagResources(ec2, [amiId, ...present.snapshots], wanted.tags);
  if (change.requireImdsV2) await requireImdsV2(ec2, amiId);
  if (change.deprecateFrom) await deprecateFrom(ec2, amiId, change.deprecateFrom);
  // Last: what could not be made ready can still be removed at once.
  if (change.protect) await protectImage(ec2, amiId);
}

/** Marks an AMI as being in a channel, before the channel points at it. */
export const markFor = (channel: string, { region, amiId }: AmiIn, { clients }: AmiStep): Promise<void> =>
  attachWatermark(clients.ec2(region), amiId, channelMark(channel));

/** Takes the mark of one channel. */
export const unmarkFor = (
  channel: string,
  { region, amiId }: AmiIn,
  { clients, settings }: Pick<AmiStep, "clients" | "settings">,
): Promise<void> => detachWatermark(clients.ec2(region), amiId, channelMarkKey(settings.place.account, channel));

/** The channels that a build's AMI was shared for in a region: by their marks it is known. */
export const marksOf = async (
  build: BuildArn,
  region: string,
  { ledger }: Pick<AmiStep, "ledger">,
): Promise<string[]> =>
  (await findShares(ledger, build)).filter((share) => share.region === region).map(({ channel }) => channel);

/** Somebody deregistered it meanwhile. */
class AmiGone extends Error {
  override readonly name = "AmiGone";
  readonly code = "AMI_GONE";

  constructor(amiId: string, region: string) {
    super(`${amiId} in ${region} is not there any more, so it cannot be shared; build the image anew.`);
  }
}
