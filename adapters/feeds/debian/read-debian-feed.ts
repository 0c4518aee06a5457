import { createHash } from "node:crypto";
import { type ArchivePackage, toArchiveAdvisories } from "../../../core/packages/archive-advisories.ts";
import type { DebianFeed } from "../../../core/packages/feed.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { ReadFeed } from "../feed-reading.ts";
import { fetchIndex, takeListed } from "../fetch-file.ts";
import { readClearsigned } from "../openpgp/read-clearsigned.ts";
import { PackagesReader } from "./packages-reader.ts";
import { findPackages, parseRelease } from "./parse-release.ts";

/** Reads `InRelease` and the `Packages` that it lists. Files are asked for by their checksums where the archive can that. */
export const readDebianFeed: ReadFeed<DebianFeed> = async (feed, { interested, known, bounds, now }) => {
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
  const packages: ArchivePackage[] = [];
  for (const listed of findPackages(feed, release)) {
    const reader = new PackagesReader(listed.file, bounds.limits.entry, interested);
    await takeListed(listed, bounds, (piece) => reader.write(piece));
    reader.end();
    packages.push(...reader.packages);
  }
  const { validUntil } = release;
  return {
    kind: "read",
    revision: { url, digest, ...validators, ...(validUntil !== undefined && { validUntil }) },
    advisories: toArchiveAdvisories(suite, packages),
  };
};

/** An archive that nobody renews, or an old copy of it that somebody serves, hides what was fixed since. */
function refuseExpired(file: string, validUntil: number | undefined, now: number): void {
  if (validUntil === undefined || now <= validUntil) return;
  const [until, today] = [validUntil, now].map((time) => new Date(time).toISOString());
  throw new FeedFailure("expired", file, `was valid until ${until}; now it is ${today}`);
}
