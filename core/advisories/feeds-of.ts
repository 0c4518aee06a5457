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
 * The feeds with a vendor's fixed packages for an operating system. All of them must be read for a complete answer.
 * A feed is identified by its address. If one file covers several systems or architectures, the address's fragment says
 * which one the feed is for; it is not sent to servers (RFC 9110, section 7.1).
 * @param release for Amazon Linux 2023: `latest`, or one such as `2023.8.20260413`; ignored for other systems
 * @param mirrors addresses to read instead of the vendors'; they have the vendor's layout
 * @param unverified operating systems whose mirrors' signatures are not verified, by the config
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
 * The archives that an Ubuntu Pro subscription adds to `feedsOf`, for images that have it. None for systems other than
 * Ubuntu.
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

/** OSV's API with Canonical's records, a source that Canonical recommends (Ubuntu security, "Ubuntu OSV data"). */
const OSV = "https://api.osv.dev/v1/query";

/**
 * A mirror of an operating system's metadata, with the keys that must have signed it, and replacements for OSV's API
 * (severities) and for Debian's security tracker (notices).
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

/** Full addresses of lists that do not belong to an operating system. */
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

/** FEED_MIRRORS is not valid. */
class InvalidFeedMirrors extends Error {
  override readonly name = "InvalidFeedMirrors";
}

/**
 * Parses FEED_MIRRORS: JSON that maps operating systems to an address, or to `{ url?, keys?, severities?, notices? }` with
 * OpenPGP public keys. `{}`: all feeds are read from their vendors. A mirror without `keys` has the vendor's signatures.
 * @throws InvalidFeedMirrors naming the invalid entry
 */
export function parseFeedMirrors(text: string): FeedMirrors {
  const parsed = mirrors.safeParse(toJson(text));
  if (parsed.success) return parsed.data;
  throw new InvalidFeedMirrors(
    `FEED_MIRRORS is not valid. ${z.prettifyError(parsed.error)}\n` +
      `Expected JSON such as {"al2023": "https://mirror.example.com/al2023"}, with the keys ${Object.keys(mirrors.shape).join(", ")}.`,
  );
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidFeedMirrors(
      'FEED_MIRRORS is not valid JSON; expected such as {"al2023": "https://mirror.example.com/al2023"}.',
      { cause },
    );
  }
}

/** A mirror's address may contain a user name and a password, which errors, notices, logs and record keys must not. */
export const withoutCredentials = (text: string): string => text.replaceAll(/(https?:\/\/)[^/\s@]+@/g, "$1");
