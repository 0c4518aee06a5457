import { parseEvr } from "../../core/advisories/versions.ts";
import type { Publication, PublishedPackage } from "../package-feeds/publication.ts";

/** One line of a manifest, as `images/components/package-manifest.yaml` writes it. */
export interface InstalledPackage {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string | null;
  readonly architecture: string;
  readonly source: string;
}

/**
 * The packages of an image that is updated when it is built: the newest version of each that the vendor had published.
 * @param time of the build, in milliseconds since 1970
 */
export function installedAt(
  publications: readonly Publication[],
  os: Publication["os"],
  time: number,
): InstalledPackage[] {
  const newest = new Map<string, PublishedPackage>();
  for (const { packages } of publications.filter((one) => one.os === os && one.at <= time)) {
    for (const one of packages) newest.set(one.name, one);
  }
  return [...newest.values()].map(toInstalled);
}

/** In a manifest a version without a release has `null`. */
export function toInstalled({ name, version: full, architecture, source = name }: PublishedPackage): InstalledPackage {
  const { epoch, version, release } = parseEvr(full);
  return { name, epoch: String(epoch), version, release: release || null, architecture, source };
}
