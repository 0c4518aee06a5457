import { createHash } from "node:crypto";
import * as z from "zod";
import type { PackageDifference } from "../../events/channel.ts";

/** Limits untrusted input: names and versions of dpkg and rpm have a few dozen characters. */
const word = z.string().max(256);

/** More than all of Debian's packages. */
const MOST_PACKAGES = 100_000;

/** One installed package, as listed by rpm or dpkg. */
const installedPackage = z.object({
  name: word.min(1),
  epoch: z.union([word, z.number(), z.null()]).optional(),
  version: word.min(1),
  release: word.nullish(),
  architecture: word,
  source: word.nullish(),
  /** RPM's label of the package's module; null without a module. */
  module: word.nullish(),
});

type InstalledPackage = z.output<typeof installedPackage>;

/** The manifest that `images/components/package-manifest.yaml` writes during the build. */
export const manifest = z.object({ packages: z.array(installedPackage).max(MOST_PACKAGES) });

export type Manifest = z.output<typeof manifest>;

/** The difference between two lists of names with versions. */
export interface Difference {
  readonly added: readonly { readonly name: string; readonly version: string }[];
  readonly removed: readonly { readonly name: string; readonly version: string }[];
  readonly updated: readonly { readonly name: string; readonly from: string; readonly to: string }[];
}

/** Compares versions by name, sorted by name. */
export function differ(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): Difference {
  const sorted = (versions: ReadonlyMap<string, string>) =>
    [...versions].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, version]) => ({ name, version }));
  return {
    added: sorted(now).filter(({ name }) => !before.has(name)),
    removed: sorted(before).filter(({ name }) => !now.has(name)),
    updated: sorted(now).flatMap(({ name, version: to }) => {
      const from = before.get(name);
      return from !== undefined && from !== to ? [{ name, from, to }] : [];
    }),
  };
}

/** The difference between two manifests: packages by name and architecture, with full versions. */
export const differPackages = (before: Manifest, now: Manifest): Difference => differ(byName(before), byName(now));

/** The same for an event: counts, and examples in words. */
export function comparePackages(before: Manifest, now: Manifest): PackageDifference {
  const { added, removed, updated } = differPackages(before, now);
  return {
    added: added.length,
    removed: removed.length,
    changed: updated.length,
    examples: [
      ...updated.map(({ name, from, to }) => `~ ${name} ${from} -> ${to}`),
      ...added.map(({ name, version }) => `+ ${name} ${version}`),
      ...removed.map(({ name, version }) => `- ${name} ${version}`),
    ].slice(0, 20),
  };
}

/** SHA-256 of the installed packages and versions, independent of the manifest's order. */
export function packagesDigest(installed: Manifest): string {
  const lines = [...byName(installed)].map(([name, versions]) => `${name} ${versions}\n`).toSorted();
  return `sha256:${createHash("sha256").update(lines.join("")).digest("hex")}`;
}

/** Several versions of one package are normal (kernels): they form one entry. */
function byName({ packages }: Manifest): Map<string, string> {
  const versions = Map.groupBy(packages, ({ name, architecture }) => `${name}.${architecture}`);
  return new Map([...versions].map(([name, some]) => [name, some.map(fullVersion).toSorted().join(", ")]));
}

const fullVersion = ({ epoch, version, release }: InstalledPackage): string =>
  `${epoch && Number(epoch) > 0 ? `${epoch}:` : ""}${version}${release ? `-${release}` : ""}`;

/** The parts used of the CycloneDX 1.5 document by `images/components/sbom.yaml`. */
export const sbom = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.string().max(16),
  metadata: z.object({ timestamp: z.iso.datetime() }),
  components: z
    .array(z.object({ type: word, name: word.min(1), purl: z.string().max(2_048).optional() }))
    .min(1)
    .max(MOST_PACKAGES),
});
