import { type ChannelRecord, listChannels } from "../channel/channels.ts";
import type { Ledger } from "../ledger/table.ts";
import { type BuildRecord, listBuilds } from "./builds.ts";
import { type Activity, listActivity } from "./claims.ts";

/** The ledger's records of one image. */
export interface ImageState extends Activity {
  readonly builds: readonly BuildRecord[];
  readonly channels: Readonly<Record<string, ChannelRecord>>;
}

/** Parts of an image's state: each is a partition and costs a query. */
interface Parts {
  readonly activity: keyof Activity;
  readonly channels: "channels";
  readonly builds: "builds";
}
type Part = keyof Parts;
const wholeState: readonly Part[] = ["activity", "channels", "builds"];
type StateOf<Read extends Part> = Pick<ImageState, Parts[Read]>;

/** These parts, or the whole state, of each of these images; empty for images that the ledger does not have. */
export async function readImageStates<Read extends Part = Part>(
  ledger: Ledger,
  images: readonly string[],
  parts?: readonly Read[],
): Promise<ReadonlyMap<string, StateOf<Read>>> {
  const { stateOf } = await readParts(ledger, parts);
  return new Map(images.map((image) => [image, stateOf(image)]));
}

/**
 * The given parts of every image with records of these kinds, also of images removed from the config: their builds still age and are
 * retired.
 */
export async function readAllImageStates<Read extends Part = Part>(
  ledger: Ledger,
  parts?: readonly Read[],
): Promise<ReadonlyMap<string, StateOf<Read>>> {
  const { known, stateOf } = await readParts(ledger, parts);
  return new Map([...known].map((image) => [image, stateOf(image)]));
}

/** These parts of one image. */
export const readImageState = async <Read extends Part = Part>(
  ledger: Ledger,
  image: string,
  parts?: readonly Read[],
): Promise<StateOf<Read>> => (await readParts(ledger, parts, image)).stateOf(image);

/** @param image the only one to read; default: all */
async function readParts<Read extends Part>(ledger: Ledger, parts: readonly Read[] | undefined, image?: string) {
  const reads = (part: Part): boolean => (parts ?? wholeState).some((one) => one === part);
  // Builds last: a build's end is recorded before its claim is released, and a build before a channel points at it.
  const activity = reads("activity") ? await listActivity(ledger, image) : undefined;
  const channels = reads("channels") ? await listChannels(ledger, image) : undefined;
  const builds = reads("builds") ? Map.groupBy(await listBuilds(ledger, image), (one) => one.image) : undefined;
  const stateOf = (of: string): Partial<ImageState> => ({
    ...(activity && (activity.get(of) ?? { claim: undefined, pending: [] })),
    ...(channels && { channels: channels.get(of) ?? {} }),
    ...(builds && { builds: builds.get(of) ?? [] }),
  });
  return {
    known: new Set([activity, channels, builds].flatMap((some) => [...(some?.keys() ?? [])])),
    // It has the parts that were read.
    stateOf: (of: string) => stateOf(of) as StateOf<Read>,
  };
}
