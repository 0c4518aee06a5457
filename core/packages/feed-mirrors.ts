import * as z from "zod";
import { osNames } from "./operating-system.ts";

const address = z.url({ protocol: /^https?$/, error: 'an address such as "https://mirror.example.com/al2023"' });

/** Where an operating system's metadata is read instead of at its vendor, and whose signature it must carry there. */
const mirror = z.union([
  address.transform((url) => ({ url, keys: [] as string[] })),
  z.strictObject({ url: address.optional(), keys: z.array(z.string().min(1)).default([]) }),
]);

const mirrors = z.partialRecord(z.enum(osNames), mirror);
export type FeedMirrors = z.output<typeof mirrors>;

/** The mirrors that were set are not usable. */
class InvalidFeedMirrors extends Error {
  override readonly name = "InvalidFeedMirrors";
}

/**
 * Reads the mirrors of feeds: JSON, operating systems to an address, or to `{ url?, keys? }` with OpenPGP public keys.
 * `{}`: all from their vendors. Without `keys`, a mirror's signature is not looked at, and a vendor's is.
 * @throws InvalidFeedMirrors naming the entry that is wrong
 */
export function parseFeedMirrors(text: string): FeedMirrors {
  const parsed = mirrors.safeParse(toJson(text));
  if (parsed.success) return parsed.data;
  throw new InvalidFeedMirrors(
    `The mirrors of feeds are not usable. ${z.prettifyError(parsed.error)}\n` +
      `Valid is JSON such as {"al2023": "https://mirror.example.com/al2023"}, for ${osNames.join(", ")}.`,
  );
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidFeedMirrors("The mirrors of feeds are no JSON.", { cause });
  }
}
