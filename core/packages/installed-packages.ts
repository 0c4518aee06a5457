import type { Manifest } from "../manifest.ts";
import type { PackageManager } from "./compare-versions.ts";

/** A package of an image, with its version in full; undefined where its manifest does not know it so. */
export interface InstalledPackage {
  readonly name: string;
  readonly architecture: string;
  readonly version: string | undefined;
}

/**
 * An image's packages by their names. Versions are what `versionComparer` takes. Every RPM has a release; a Debian package
 * may have none, and then our manifest says `null`. A package that says nothing about its release was told by somebody who
 * does not know it, as Image Builder does not.
 */
export function toInstalledPackages({ packages }: Manifest, manager: PackageManager): Map<string, InstalledPackage[]> {
  const whole = (release: string | null | undefined) => Boolean(release) || (manager === "dpkg" && release === null);
  const installed = packages.map(({ name, architecture, epoch, version, release }) => ({
    name,
    architecture,
    version: whole(release) ? inFull(epoch, version, release) : undefined,
  }));
  return Map.groupBy(installed, ({ name }) => name);
}

const inFull = (
  epoch: string | number | null | undefined,
  version: string,
  release: string | null | undefined,
): string => `${epoch && Number(epoch) !== 0 ? `${epoch}:` : ""}${version}${release ? `-${release}` : ""}`;
