import type { Advisory, FixedPackage } from "./advisory.ts";

/** A package of a Debian archive, with the source package that it was built from. */
export interface ArchivePackage extends FixedPackage {
  readonly source: string;
  readonly sourceVersion: string;
}

/**
 * A Debian archive publishes packages, not advisories: each source package in each of its versions becomes one,
 * `<suite>/<source>/<version>`. A rebuild of the same source (`+b1`) is another one, because it fixes something, too.
 */
export function toArchiveAdvisories(suite: string, packages: readonly ArchivePackage[]): Advisory[] {
  const bySource = Map.groupBy(packages, ({ source, sourceVersion, version }) => {
    const rebuild = /\+b\d+$/.exec(version)?.[0] ?? "";
    return `${suite}/${source}/${sourceVersion}${sourceVersion.endsWith(rebuild) ? "" : rebuild}`;
  });
  return [...bySource].map(([id, some]) => ({
    id,
    severity: "unknown",
    cves: [],
    fixes: some.map(({ name, architecture, version }) => ({ name, architecture, version })),
  }));
}
