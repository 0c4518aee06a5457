import { type ChannelRecord, channel } from "../channel/channels.ts";
import { IMAGES, type Ledger, query } from "../ledger/table.ts";
import { type BuildRecord, record as build } from "./builds.ts";
import { type Claim, claim, type PendingReason, pending } from "./claims.ts";

/** What the ledger remembers of one image. */
export interface ImageState {
  readonly claim: Claim | undefined;
  readonly pending: readonly PendingReason[];
  readonly builds: readonly BuildRecord[];
  readonly channels: Readonly<Record<string, ChannelRecord>>;
}

interface Entry {
  readonly image: string;
  /** `ACTIVE`, `PENDING#<token>`, `BUILD#<arn>`, `CHANNEL#<channel>` */
  readonly what: string;
  readonly item: Record<string, unknown>;
}

/** The state of each of these images, read with one query; of an image that the ledger does not know it is empty. */
export async function readImageStates(
  ledger: Ledger,
  images: readonly string[],
): Promise<ReadonlyMap<string, ImageState>> {
  const byImage = Map.groupBy((await query(ledger, IMAGES, "")).map(toEntry), ({ image }) => image);
  return new Map(images.map((image) => [image, toState(byImage.get(image) ?? [])]));
}

/** The state of every image that the ledger knows, also of those that the config no longer has. */
export async function readAllImageStates(ledger: Ledger): Promise<ReadonlyMap<string, ImageState>> {
  const byImage = Map.groupBy((await query(ledger, IMAGES, "")).map(toEntry), ({ image }) => image);
  return new Map([...byImage].map(([image, entries]) => [image, toState(entries)]));
}

/** The state of one image. */
export const readImageState = async (ledger: Ledger, image: string): Promise<ImageState> =>
  toState((await query(ledger, IMAGES, `${image}#`)).map(toEntry));

function toEntry(item: Record<string, unknown>): Entry {
  const sk = String(item.sk);
  const end = sk.indexOf("#");
  return { image: sk.slice(0, end), what: sk.slice(end + 1), item };
}

function toState(entries: readonly Entry[]): ImageState {
  const below = (prefix: string) => entries.filter(({ what }) => what.startsWith(prefix));
  return {
    claim: below("ACTIVE").map(({ item }) => claim.parse(item))[0],
    pending: below("PENDING#").map(({ item }) => pending.parse(item)),
    builds: below("BUILD#").map(({ item }) => build.parse(item)),
    channels: Object.fromEntries(
      below("CHANNEL#").map(({ what, item }) => [what.slice("CHANNEL#".length), channel.parse(item)]),
    ),
  };
}
