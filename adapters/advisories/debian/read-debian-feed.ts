import { createHash } from "node:crypto";
import { type ArchivePackage, type DebianFeed, toArchiveAdvisories } from "../../../core/advisories/feed.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { ReadFeed } from "../feed-reading.ts";
import { fetchIndex } from "../fetch-file.ts";
import { type Expected, packings } from "../file-content.ts";
import { KeptText } from "../kept-text.ts";
import { readClearsigned } from "../openpgp/verify-signature.ts";
import { refuseOlder } from "../refuse-older.ts";
import { type Listed, takeListed } from "../take-file.ts";
import { PackagesReader } from "./packages-reader.ts";

/** Reads `InRelease` and the `Packages` files that it lists, by their checksums where the archive supports that. */
export const readDebianFeed: ReadFeed<DebianFeed> = async (
  feed,
  { interested, known, bounds, now, probe, notBefore },
) => {
  const { url, suite, keys } = feed;
  const inRelease = await fetchIndex(url, bounds, known?.url === url ? known : undefined);
  if (!inRelease) {
    refuseExpired(url, known?.validUntil, now);
    return { kind: "unchanged" };
  }
  const { bytes, ...validators } = inRelease;
  const release = parseRelease(url, readClearsigned(url, bytes.toString("utf8"), keys, now), suite);
  refuseExpired(url, release.validUntil, now);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (known?.digest === digest) return { kind: "unchanged" };
  if (release.at !== undefined) refuseOlder(url, release.at, notBefore);
  if (probe) return { kind: "changed" };
  const packages: ArchivePackage[] = [];
  const { limits } = bounds;
  const kept = new KeptText(url, limits.kept);
  for (const listed of findPackages(feed, release)) {
    const reader = new PackagesReader(listed.file, limits, kept, interested);
    await takeListed(listed, bounds, (piece) => reader.write(piece));
    reader.end();
    for (const one of reader.packages) packages.push(one);
  }
  const advisories = toArchiveAdvisories(suite, packages);
  if (advisories.length > limits.advisories)
    throw new FeedFailure("too-large", url, `has more than ${limits.advisories} updates of installed packages`);
  const { validUntil, at } = release;
  return {
    kind: "read",
    revision: {
      url,
      digest,
      ...validators,
      ...(validUntil !== undefined && { validUntil }),
      ...(at !== undefined && { at }),
    },
    advisories,
  };
};

/** An archive that is no longer renewed, or an old copy of one, hides later fixes. */
function refuseExpired(file: string, validUntil: number | undefined, now: number): void {
  if (validUntil === undefined || now <= validUntil) return;
  const [until, today] = [validUntil, now].map((time) => new Date(time).toISOString());
  throw new FeedFailure("expired", file, `was valid until ${until}; now it is ${today}`);
}

/** The part of an archive's `Release` that is needed to read its `Packages`. */
interface Release {
  /** When it expires, in milliseconds since 1970. */
  readonly validUntil?: number;
  /** When it was created, in milliseconds since 1970. */
  readonly at?: number;
  /** Whether files are available by their checksum, so that they cannot change while they are read. */
  readonly byHash: boolean;
  /** By path below the suite. */
  readonly files: ReadonlyMap<string, Expected>;
}

/**
 * Reads `Release` (Debian wiki, "RepositoryFormat").
 * @throws FeedFailure `malformed`; also for another suite's Release, even if its signature is valid
 */
export function parseRelease(file: string, text: string, suite: string): Release {
  const field = (name: string): string | undefined => new RegExp(`^${name}:[ \t]*(.*)$`, "im").exec(text)?.[1]?.trim();
  const names = [field("Suite"), field("Codename")];
  if (!names.includes(suite)) {
    const found = names.map((name) => name ?? "none").join('", codename "');
    throw new FeedFailure("malformed", file, `is the Release of suite "${found}", not of "${suite}"`);
  }
  const list = /^SHA256:[ \t]*\n((?:[ \t].*(?:\n|$))+)/im.exec(text)?.[1];
  if (list === undefined) throw new FeedFailure("malformed", file, "has no SHA256 list of files");
  const validUntil = toTime(file, "Valid-Until", field("Valid-Until"));
  const at = toTime(file, "Date", field("Date"));
  return {
    byHash: field("Acquire-By-Hash")?.toLowerCase() === "yes",
    files: new Map(
      list
        .trimEnd()
        .split("\n")
        .map((line) => toListed(file, line)),
    ),
    ...(validUntil !== undefined && { validUntil }),
    ...(at !== undefined && { at }),
  };
}

/**
 * The `Packages` file of each component, in the compression that is fastest to decompress.
 * @throws FeedFailure `missing-metadata`
 */
function findPackages({ url, components, architecture }: DebianFeed, { files, byHash }: Release): Listed[] {
  return components.map((component) => {
    const path = `${component}/binary-${architecture}/Packages`;
    const packing = packings.find((ending) => files.has(path + ending));
    const packed = packing === undefined ? undefined : files.get(path + packing);
    if (packing === undefined || !packed) {
      throw new FeedFailure("missing-metadata", url, `lists no ${path}.gz, .zst or .xz, so its updates are unknown`);
    }
    const unpacked = files.get(path);
    const folder = path.slice(0, path.lastIndexOf("/"));
    const place = byHash ? `${folder}/by-hash/SHA256/${packed.hex}` : path + packing;
    return { file: new URL(place, url).href, packing, packed, ...(unpacked && packing !== "" && { unpacked }) };
  });
}

function toListed(file: string, line: string): [string, Expected] {
  const [hex = "", size = "", path = ""] = line.trim().split(/\s+/);
  if (!/^[0-9a-f]{64}$/i.test(hex) || !/^\d+$/.test(size) || !path) {
    throw new FeedFailure(
      "malformed",
      file,
      `"${line.trim()}" in its SHA256 list is not a checksum, a size and a path`,
    );
  }
  return [path, { algorithm: "sha256", hex, size: Number(size) }];
}

function toTime(file: string, name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isFinite(time)) return time;
  throw new FeedFailure("malformed", file, `${name} "${text}" is not a date such as "Fri, 27 Nov 2026 00:12:41 UTC"`);
}
