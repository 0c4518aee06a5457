import type { RunningFactory } from "../local/boot/boot-factory.ts";
import { imagesSeenBy, type Place, type PublishedChannel } from "../local/consumers/read-back.ts";
import { consumers } from "./organization.ts";
import { revocation, rollback } from "./story.ts";

/** What consumers see after a rollback and a revocation. */
export interface WayBack {
  /** The channel after its rollback. */
  rolledBack?: PublishedChannel | undefined;
  /** AMIs that at least one consumer sees before the revocation, and after it. */
  seenBefore?: ReadonlySet<string>;
  seenAfter?: ReadonlySet<string>;
}

/** Moves a channel to its earlier build. */
export function goBack({ send }: RunningFactory): Promise<void> {
  const { image, channel, by, reason } = rollback;
  return send("roll-back", { image, channel, by, reason, request: "month" });
}

/** Revokes a channel's build with all builds made from it; does nothing if the channel is empty. */
export async function revokeNewest({ send, events }: RunningFactory): Promise<void> {
  const { image, channel, by, reason } = revocation;
  const newest = events.findLast(
    ({ detailType, detail }) => detailType === "channel.moved" && detail.image === image && detail.channel === channel,
  );
  if (newest) await send("revoke-build", { build: newest.detail.build, by, reason, descendants: true });
}

/** Every AMI of the factory that any consumer sees. */
export async function seenByConsumers(place: Place): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (const { id } of consumers) for (const ami of await imagesSeenBy(place, id)) seen.add(ami);
  return seen;
}
