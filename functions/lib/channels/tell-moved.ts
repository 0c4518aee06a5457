import { putEvent } from "../../../adapters/bus.ts";
import type { ChannelRecord } from "../../../adapters/ledger/channels.ts";
import { channelParameter } from "../../../core/names.ts";
import { channelMoved } from "../../../events/channel-moved.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";
import type { ChannelOf } from "./channel-of.ts";
import { whereMoved } from "./where-moved.ts";

/** Says that somebody moved a channel, and why. */
export function tellMoved(
  { image, channel }: ChannelOf,
  pointed: ChannelRecord,
  { previous, because }: { readonly previous: BuildArn | undefined; readonly because: string },
  { bus, settings }: Pick<Step, "bus" | "settings">,
): Promise<void> {
  const parameter = channelParameter(settings.factory.name, image, channel);
  return putEvent(bus, channelMoved, {
    image,
    channel,
    build: pointed.build,
    ...(previous && { previousBuild: previous }),
    ...whereMoved(pointed, parameter),
    because,
  });
}
