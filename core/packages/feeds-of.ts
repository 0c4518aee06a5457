import type { Feed } from "./feed.ts";
import type { FeedMirrors } from "./feed-mirrors.ts";
import { type Architecture, type OperatingSystem, packageArchitecture, rowOf } from "./operating-system.ts";

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
          url: `${base}/dists/${row.suite}/InRelease`,
          suite: row.suite,
          architecture: spelled,
          components: row.components,
          keys: keys(row.keys),
        },
      ];
  }
}
