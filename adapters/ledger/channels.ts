import * as z from "zod";
import { amiId, type BuildArn, buildArn } from "../../events/ids.ts";
import { get, type Ledger, ofImage, put, remove } from "./table.ts";

export const channel = z.object({
  build: buildArn,
  /** When that build was started. */
  startedAt: z.iso.datetime(),
  /** The build's AMI per region. */
  amis: z.record(z.string(), amiId),
  movedAt: z.iso.datetime(),
});

/** Where a channel points. */
export type ChannelRecord = z.output<typeof channel>;

const key = (image: string, name: string) => ofImage(image, `CHANNEL#${name}`);

export async function findChannel(ledger: Ledger, image: string, name: string): Promise<ChannelRecord | undefined> {
  const item = await get(ledger, key(image, name));
  return item && channel.parse(item);
}

/** Compare and set. @returns false where the channel does not point at `expected` (undefined: at nothing) */
export const pointChannel = (
  ledger: Ledger,
  image: string,
  name: string,
  expected: BuildArn | undefined,
  next: ChannelRecord,
): Promise<boolean> => put(ledger, key(image, name), next, pointingAt(expected));

/** Forgets a channel that never pointed at anything before. @returns false where it points elsewhere by now */
export const clearChannel = (ledger: Ledger, image: string, name: string, expected: BuildArn): Promise<boolean> =>
  remove(ledger, key(image, name), pointingAt(expected));

const pointingAt = (build: BuildArn | undefined) =>
  build
    ? { expression: "build = :expected", values: { ":expected": build } }
    : { expression: "attribute_not_exists(pk)" };
