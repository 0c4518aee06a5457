import { type Claim, claim, type PendingTrigger, pending } from "./activity.ts";
import { type BuildRecord, record as build } from "./builds.ts";
import { type ChannelRecord, channel } from "./channels.ts";
import { type Ledger, query } from "./table.ts";

/** Everything that the ledger remembers of one image, read at once. */
export interface ImageState {
  readonly claim: Claim | undefined;
  readonly pending: readonly PendingTrigger[];
  readonly builds: readonly BuildRecord[];
  readonly channels: Readonly<Record<string, ChannelRecord>>;
}

export async function readImageState(ledger: Ledger, image: string): Promise<ImageState> {
  const items = (await query(ledger, `IMAGE#${image}`, "")).map((item) => ({ sk: String(item.sk), item }));
  const below = (prefix: string) => items.filter(({ sk }) => sk.startsWith(prefix));
  return {
    claim: below("ACTIVE").map(({ item }) => claim.parse(item))[0],
    pending: below("PENDING#").map(({ item }) => pending.parse(item)),
    builds: below("BUILD#").map(({ item }) => build.parse(item)),
    channels: Object.fromEntries(
      below("CHANNEL#").map(({ sk, item }) => [sk.slice("CHANNEL#".length), channel.parse(item)]),
    ),
  };
}
