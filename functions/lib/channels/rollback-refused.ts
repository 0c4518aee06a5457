import type { ChannelRecord } from "../../../adapters/ledger/channels.ts";
import { buildVersion } from "../../../core/build-arn.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { ChannelOf } from "./channel-of.ts";

const MOST_NAMED = 10;

/** A channel cannot go back, or not to the build that somebody asked for. */
export class RollbackRefused extends Error {
  override readonly name = "RollbackRefused";

  constructor({ image, channel }: ChannelOf, to: BuildArn | undefined, why: string, possible: readonly BuildArn[]) {
    const goal = to ? ` to ${buildVersion(to)}` : "";
    const named = possible.slice(0, MOST_NAMED).map(buildVersion).join(", ");
    super(
      `${image} ${channel} does not go back${goal}: ${why}. ${named ? `Possible are ${named}.` : "No other build is possible."}`,
    );
  }
}

/**
 * Two people who go back at once, each from what they saw, go back once.
 * @throws ChannelMovedOn
 */
export function requireStillFrom(
  { image, channel, from }: ChannelOf & { readonly from?: BuildArn | undefined },
  current: ChannelRecord | undefined,
): void {
  if (from && current?.build !== from) throw new ChannelMovedOn({ image, channel }, from, current);
}

/** The channel moved between being looked at and being asked to go back. */
class ChannelMovedOn extends Error {
  override readonly name = "ChannelMovedOn";

  constructor({ image, channel }: ChannelOf, from: BuildArn, current: ChannelRecord | undefined) {
    const mover = `${current?.how ?? "promotion"}${current?.by ? ` by ${current.by}` : ""}`;
    const now = current
      ? `points at ${buildVersion(current.build)} since ${current.movedAt} (${mover})`
      : "points at nothing";
    super(
      `${image} ${channel} pointed at ${buildVersion(from)} when this was asked for, and ${now}. It was left as it is; ask again where that is not enough.`,
    );
  }
}
