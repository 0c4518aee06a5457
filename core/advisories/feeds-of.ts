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
 * A feed is known by its address. Where a vendor tells several systems or architectures apart inside of the same files, the
 * address's fragment says which of them the feed is about; servers never see it (RFC 9110, section 7.1).
 *
 * The feeds that say which packages of an operating system a vendor has fixed. All of them have to be read to know.
 * @param release of Amazon Linux 2023: `latest`, or one such as `2023.8.20260413`; the others have none
 * @param mirrors addresses to read instead of the vendors'; the layout below them is the vendor's
 * @param unverified operating systems whose mirrors' signatures the config does not want verified
 */
export function feedsOf(
  os: OperatingSystem,
  architecture: Architecture,
  release: string,
  mirrors: FeedMirrors,
  unverified: readonly OperatingSystem[] = [],
): Feed[] {
  const row = rowOf(os);
  const given = mirrors[os];
  const vendor = typeof row.vendor === "string" ? row.vendor : row.vendor[architecture];
  const base = (given?.url ?? vendor).replace(/\/+$/, "");
  const standIn = given?.standIn === true;
  const isUnverified = standIn || (given?.url !== undefined && unverified.includes(os));
  const trust = (vendors: readonly string[]) => {
    const own = given?.keys ?? [];
    const keys = isUnverified ? [] : own.length > 0 ? own : vendors;
    const needsKey = given?.url !== undefined && !isUnverified && keys.length === 0;
    return { keys, ...(needsKey && { needsKey }), ...(standIn && { standIn }) };
  };
  const spelled = packageArchitecture(row.manager, architecture);
  switch (row.manager) {
    case "rpm":
      if ("csaf" in row) {
        const { documents, products } = row.csaf;
        const url = `${base}/changes.csv#${os}-${spelled}`;
        return [{ kind: "csaf", url, documents, products, architecture: spelled, ...trust([]) }];
      }
      return row
        .paths({ release, architecture: spelled })
        .map((path) => ({ kind: "rpm", address: row.address, url: `${base}/${path}`, ...trust([]) }));
    case "dpkg":
      return [
        {
          kind: "debian",
          ...(row.severities && {
            severities: {
              url: given?.severities ?? OSV,
              ecosystem: row.severities,
              ...(standIn && given.severities && { standIn }),
            },
          }),
          ...(row.notices && {
            notices: {
              url: (given?.notices ?? row.notices).replace(/\/+$/, ""),
              codename: row.suite.replace("-security", ""),
              ...(standIn && given.notices && { standIn }),
            },
          }),
          url: `${base}/dists/${row.suite}/InRelease${spelled === "amd64" ? "" : `#${spelled}`}`,
          suite: row.suite,
          architecture: spelled,
          components: row.components,
          ...trust(row.keys),
        },
      ];
    case "windows": {
      const { product, build, name } = row;
      // Microsoft does not sign its documents, so a mirror's key could not be verified.
      const needsKey = given?.url !== undefined && !isUnverified;
      const trusted = { keys: [], ...(needsKey && { needsKey }), ...(standIn && { standIn }) };
      return [{ kind: "msrc", url: `${base}/updates#${name}`, product, build, name, ...trusted }];
    }
  }
}

/**
 * What only Ubuntu Pro fixes, for images that have it: the archives that a subscription adds to `feedsOf`. None for systems
 * other than Ubuntu.
 */
export function ubuntuProFeedsOf(os: OperatingSystem, architecture: Architecture, mirrors: FeedMirrors): Feed[] {
  const row = rowOf(os);
  if (row.manager !== "dpkg" || !row.pro) return [];
  const { vendor, services, keys, severities } = row.pro;
  const given = mirrors[UBUNTU_PRO];
  const base = (given?.url ?? vendor).replace(/\/+$/, "");
  const standIn = given?.standIn === true;
  const own = given?.keys ?? [];
  const spelled = packageArchitecture(row.manager, architecture);
  return services.map((service) => {
    const suite = row.suite.replace("-security", `-${service}-security`);
    return {
      kind: "debian",
      url: `${base}/${service}/ubuntu/dists/${suite}/InRelease${spelled === "amd64" ? "" : `#${spelled}`}`,
      suite,
      architecture: spelled,
      components: ["main"],
      keys: standIn ? [] : own.length > 0 ? own : keys,
      severities: {
        url: given?.severities ?? OSV,
        ecosystem: severities,
        ...(standIn && given.severities && { standIn }),
      },
      ...(standIn && { standIn }),
    };
  });
}

/** A mirror of Ubuntu Pro's archives, of all releases; the folders below it are `apps/ubuntu` and `infra/ubuntu`. */
const UBUNTU_PRO = "ubuntu-pro";

const address = z.url({ protocol: /^https?$/, error: 'an address such as "https://mirror.example.com/al2023"' });

/** Canonical's records by OSV's API, one of the sources that Canonical names (Ubuntu security, "Ubuntu OSV data"). */
const OSV = "https://api.osv.dev/v1/query";

/**
 * Where an operating system's metadata is read instead of at its vendor, and whose signature it must carry there; and what
 * is asked for severities instead of OSV's API, or for notices instead of Debian's security tracker.
 */
const mirror = z.union([
  address.transform((url) => ({
    url,
    keys: [] as string[],
    severities: undefined,
    notices: undefined,
    standIn: undefined,
  })),
  z
    .strictObject({
      url: address.optional(),
      keys: z.array(z.string().min(1)).default([]),
      severities: address.optional(),
      notices: address.optional(),
      /** On 127.0.0.1, unsigned: for tests and `amint local`. */
      standIn: z.literal(true).optional(),
    })
    .refine(({ standIn, ...at }) => !standIn || [at.url, at.severities, at.notices].every((one) => isStandIn(one)), {
      error: "a standIn is at 127.0.0.1, with its severities and notices",
    }),
]);

const isStandIn = (url: string | undefined): boolean => url === undefined || new URL(url).hostname === "127.0.0.1";

/** Whole addresses of lists that concern no operating system. */
const list = z
  .union([address.transform((url) => ({ url })), z.strictObject({ url: address, standIn: z.literal(true).optional() })])
  .refine((at) => !("standIn" in at && at.standIn) || isStandIn(at.url), { error: "a standIn is at 127.0.0.1" })
  .transform(({ url, ...rest }) => ({ url, standIn: "standIn" in rest ? rest.standIn : undefined }));

const mirrors = z.strictObject({
  ...(Object.fromEntries(osNames.map((os) => [os, mirror.optional()])) as Record<
    OperatingSystem,
    z.ZodOptional<typeof mirror>
  >),
  [UBUNTU_PRO]: mirror.optional(),
  "known-exploited": list.optional(),
  "exploit-scores": list.optional(),
});

export type FeedMirrors = z.output<typeof mirrors>;

/** The mirrors that were set are not usable. */
class InvalidFeedMirrors extends Error {
  override readonly name = "InvalidFeedMirrors";
}

/**
 * Reads the mirrors of feeds: JSON, operating systems to an address, or to `{ url?, keys?, severities?, notices? }` with OpenPGP public keys.
 * `{}`: all from their vendors. A mirror without `keys` carries its vendor's signatures.
 * @throws InvalidFeedMirrors naming the entry that is wrong
 */
export function parseFeedMirrors(text: string): FeedMirrors {
  const parsed = mirrors.safeParse(toJson(text));
  if (parsed.success) return parsed.data;
  throw new InvalidFeedMirrors(
    `The mirrors of feeds are not usable. ${z.prettifyError(parsed.error)}\n` +
      `Valid is JSON such as {"al2023": "https://mirror.example.com/al2023"}, for ${Object.keys(mirrors.shape).join(", ")}.`,
  );
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidFeedMirrors("The mirrors of feeds are no JSON.", { cause });
  }
}

/** A mirror's address may carry a user name and a password. Errors, notices, logs and keys of records must not. */
export const withoutCredentials = (text: string): string => text.replaceAll(/(https?:\/\/)[^/\s@]+@/g, "$1");
