import type * as z from "zod";
import type { ChannelRecord } from "../../../adapters/ledger/channels.ts";
import type { channelMoved } from "../../../events/channel-moved.ts";

type Where = Pick<z.output<typeof channelMoved.detail>, "regions" | "behind">;

/** What a channel points at in each region, and which of them do not have the build, as `channel.moved` says it. */
export function whereMoved({ amis, behind = {} }: ChannelRecord, parameter: string): Where {
  const left = Object.entries(behind).map(([region, { why, build }]) => ({
    region,
    why,
    ...(build && { keeps: build }),
  }));
  return {
    regions: Object.fromEntries(Object.entries(amis).map(([region, amiId]) => [region, { amiId, parameter }])),
    ...(left.length > 0 && { behind: left }),
  };
}
