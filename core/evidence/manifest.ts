import { createHash } from "node:crypto";
import * as z from "zod";
import type { PackageDifference } from "../../events/channel.ts";

/** A build can write anything; names and versions of dpkg and rpm are a few dozen characters long. */
const word = z.string().max(256);

/** As many as no system has: all of Debian's packages are fewer. */
const MOST_PACKAGES = 100_000;

/** One installed package, as rpm or dpkg tells it. */
const installedPackage = z.object({
  name: word.min(1),
  epoch: z.union([word, z.number(), z.null()]).optional(),
  version: word.min(1),
  release: word.nullish(),
  architecture: word,
  source: word.nullish(),
  /** RPM's label of the module that it is of; null where it is of none. */
  module: word.nullish(),
});

type InstalledPackage = z.output<typeof installedPackage>;

/** The manifest that `images/components/package-manifest.yaml` writes during the build. */
export const manifest = z.object({ packages: z.array(installedPackage).max(MOST_PACKAGES) });

export type Manifest = z.output<typeof manifest>;

/** What is in `now` that was not in `before`: packages by name and architecture, versions in full. */
export function comparePackages(before: Manifest, now: Manifest): PackageDifference {
  const old = byName(before);
  const current = byName(now);
  const added = [...current].filter(([name]) => !old.has(name)).map(([name, version]) => `+ ${name} ${version}`);
  const removed = [...old].filter(([name]) => !current.has(name)).map(([name, version]) => `- ${name} ${version}`);
  const changed = [...current]
    .filter(([name, version]) => old.has(name) && old.get(name) !== version)
    .map(([name, version]) => `~ ${name} ${old.get(name)} -> ${version}`);
  return {
    added: added.length,
    removed: removed.length,
    changed: changed.length,
    examples: [...changed, ...added, ...removed].slice(0, 20),
  };
}

/** SHA-256 of the installed packages with their versions, in whatever order the manifest lists them. */
export function packagesDigest(installed: Manifest): string {
  const lines = [...byName(installed)].map(([name, versions]) => `${name} ${versions}\n`).toSorted();
  return `sha256:${createHash("sha256").update(lines.join("")).digest("hex")}`;
}

/** Several versions of one name are normal (kernels): they make one entry together. */
function byName({ packages }: Manifest): Map<string, string> {
  const versions = Map.groupBy(packages, ({ name, architecture }) => `${name}.${architecture}`);
  return new Map([...versions].map(([name, some]) => [name, some.map(fullVersion).toSorted().join(", ")]));
}

const fullVersion = ({ epoch, version, release }: InstalledPackage): string =>
  `${epoch && Number(epoch) > 0 ? `${epoch}:` : ""}${version}${release ? `-${release}` : ""}`;

/** The parts of a CycloneDX 1.5 document that make `images/components/sbom.yaml`'s evidence; others stay unread. */
export const sbom = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.string().max(16),
  metadata: z.object({ timestamp: z.iso.datetime() }),
  components: z
    .array(z.object({ type: word, name: word.min(1), purl: z.string().max(2_048).optional() }))
    .min(1)
    .max(MOST_PACKAGES),
});
