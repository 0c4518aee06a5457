import * as z from "zod";
import {
  type Architecture,
  type OperatingSystem,
  osNames,
  packageArchitecture,
  rowOf,
} from "../component/operating-system.ts";
import type { Feed } from "./feed.ts";

/**
 * The feeds that say which packages of an operating system a vendor has fixed. All of them have to be read to know.
 * @param release of Amazon Linux 2023: `latest`, or one such as `2023.8.20260413`; the others have none
 * @param mirrors addresses to read instead of the vendors'; the layout below them is the vendor's
 */
export function feedsOf(
  os: OperatingSystem,
  architecture: Architecture,
  release: string,
  mirrors: FeedMirrors,
): Feed[] {
  const row = rowOf(os);
  const given = mirrors[os];
  const vendor = typeof row.vendor === "string" ? row.vendor : row.vendor[architecture];
  const base = (given?.url ?? vendor).replace(/\/+$/, "");
  const keys = (vendors: readonly string[]) => (given?.url || given?.keys.length ? (given?.keys ?? []) : vendors);
  const spelled = packageArchitecture(row.manager, architecture);
  switch (row.manager) {
    case "rpm":
      return row
        .paths({ release, architecture: spelled })
        .map((path) => ({ kind: "rpm", address: row.address, url: `${base}/${path}`, keys: keys([]) }));
    case "dpkg":
      return [
        {
          kind: "debian",
          ...(row.severities && { severities: { url: given?.severities ?? OSV, ecosystem: row.severities } }),
          url: `${base}/dists/${row.suite}/InRelease`,
          suite: row.suite,
          architecture: spelled,
          components: row.components,
          keys: keys(row.keys),
        },
      ];
  }
}

const address = z.url({ protocol: /^https?$/, error: 'an address such as "https://mirror.example.com/al2023"' });

/** Canonical's records by OSV's API, one of the sources that Canonical names (Ubuntu security, "Ubuntu OSV data"). */
const OSV = "https://api.osv.dev/v1/query";

/**
 * Where an operating system's metadata is read instead of at its vendor, and whose signature it must carry there; and what
 * is asked for severities instead of OSV's API.
 */
const mirror = z.union([
  address.transform((url) => ({ url, keys: [] as string[], severities: undefined })),
  z.strictObject({
    url: address.optional(),
    keys: z.array(z.string().min(1)).default([]),
    severities: address.optional(),
  }),
]);

const mirrors = z.partialRecord(z.enum(osNames), mirror);

export type FeedMirrors = z.output<typeof mirrors>;

/** The mirrors that were set are not usable. */
class InvalidFeedMirrors extends Error {
  override readonly name = "InvalidFeedMirrors";
}

/**
 * Reads the mirrors of feeds: JSON, operating systems to an address, or to `{ url?, keys?, severities? }` with OpenPGP public keys.
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
