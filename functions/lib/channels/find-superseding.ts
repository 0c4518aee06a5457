import { findChannel } from "../../../adapters/ledger/channels.ts";
import { requireImage } from "../../../core/require-image.ts";
import type { BuildArn } from "../../../events/ids.ts";
import { findSuccessor } from "../find-successor.ts";
import type { Step } from "../step.ts";
import type { ChannelOf } from "./channel-of.ts";

/**
 * The build because of which another does not enter a channel: what the channel before, where it soaked, points at by
 * now (a newer one took it, or somebody went back), else a newer one on its way. Undefined: it may enter.
 */
export async function findSuperseding(
  { image, channel, build }: ChannelOf & { readonly build: BuildArn },
  { ledger, settings }: Pick<Step, "ledger" | "settings">,
): Promise<BuildArn | undefined> {
  const { channels } = requireImage(settings.factory, image);
  const before = channels[channels.findIndex(({ name }) => name === channel) - 1];
  const soaked = before && (await findChannel(ledger, image, before.name));
  if (soaked && soaked.build !== build) return soaked.build;
  return findSuccessor(ledger, { image, build });
}
