import type * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import type { ChannelRecord } from "../../adapters/channel/channels.ts";
import { channelParameter } from "../../core/names.ts";
import { channelMoved } from "../../events/channel.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import type { ChannelOf } from "./in-all-regions.ts";

/** Publishes a manual move with its reason. */
export function publishMoved(
  { image, channel }: ChannelOf,
  pointed: ChannelRecord,
  { previous, because }: { readonly previous: BuildArn | undefined; readonly because: string },
  { bus, settings }: Pick<Invocation, "bus" | "settings">,
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

type Where = Pick<z.output<typeof channelMoved.detail>, "regions" | "behind">;

/** A channel's AMI in each region, and the regions without the build, in the form of `channel.moved`. */
export function whereMoved({ amis, behind = {} }: ChannelRecord, parameter: string): Where {
  const left = Object.entries(behind).map(([region, { why, build }]) => ({
    region,
    why,
    ...(build && { keeps: build }),
  }));
  return {
    regions: Object.fromEntries(
      Object.entries(amis).map(([region, artifact]) => [region, { amiId: artifact, parameter }]),
    ),
    ...(left.length > 0 && { behind: left }),
  };
}
