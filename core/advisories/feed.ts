import type { AdvisorySeverity } from "../../events/build.ts";
import type { FixingUpdates } from "./windows-updates.ts";

/** Properties of every feed. */
interface AnyFeed {
  /** The address of its metadata, which also identifies the feed. */
  readonly url: string;
  /**
   * OpenPGP public keys, one of which must have signed the metadata: armored, or key packets in base64. Without keys, the
   * metadata's signature is not verified.
   */
  readonly keys: readonly string[];
  /** A mirror of metadata that the vendor does not sign, without a configured key: it is not read. */
  readonly needsKey?: true;
  /** Served on 127.0.0.1, in a test or on a laptop. All other feeds are read at public addresses only. */
  readonly standIn?: true;
}

/** An RPM repository with `repodata/repomd.xml` and updateinfo. */
export interface RpmFeed extends AnyFeed {
  readonly kind: "rpm";
  /** `mirror-list`: `url` names a file whose first line is the repository's address. `repomd`: `url` is that of repomd.xml. */
  readonly address: "mirror-list" | "repomd";
}

/** A suite of a Debian archive: `InRelease`, and `Packages` for each component. */
export interface DebianFeed extends AnyFeed {
  readonly kind: "debian";
  /** Such as `noble-security`; ids of advisories start with it. */
  readonly suite: string;
  /** `main`, `universe`; in some archives `updates/main`. */
  readonly components: readonly string[];
  /** As Debian spells it: `amd64`, `arm64`. */
  readonly architecture: string;
  /** The source of severities, which the archive does not have; absent without one. */
  readonly severities?: Severities;
  /** The vendor's announcements of updates with CVEs, which the archive does not have; absent if there are none. */
  readonly notices?: Notices;
}

/** The lists of Debian's security tracker: `DSA/list` of its security team, `DLA/list` of its LTS team. */
interface Notices {
  /** The address of the folder with both. */
  readonly url: string;
  /** `bookworm`. */
  readonly codename: string;
  readonly standIn?: true;
}

/** OSV's API. */
interface Severities {
  /** The address that takes queries. */
  readonly url: string;
  /** The release by OSV's name: `Ubuntu:24.04:LTS`. */
  readonly ecosystem: string;
  readonly standIn?: true;
}

/** A vendor's advisories as CSAF documents (OASIS CSAF 2.0), which `changes.csv` lists with the times of their last changes. */
export interface CsafFeed extends AnyFeed {
  readonly kind: "csaf";
  /** The prefix of the names of security advisories: `rhsa-`. */
  readonly documents: string;
  readonly products: CsafProducts;
  /** As RPM spells it. */
  readonly architecture: string;
}

/**
 * Which products of the documents belong to an operating system. Red Hat's are identified by CPE:
 * `redhat:enterprise_linux:9` includes `cpe:/a:redhat:enterprise_linux:9::appstream`, but neither EUS nor layered products.
 * SUSE's are modules of a service pack, identified by name.
 */
export type CsafProducts = { readonly cpe: string } | { readonly sles: string };

/** Microsoft's Security Update Guide: one document per month, which `updates` lists with the time of its last change. */
export interface MsrcFeed extends AnyFeed {
  readonly kind: "msrc";
  /** Microsoft's name of the product, for Full and Core: `Windows Server 2022`. */
  readonly product: string;
  /** The prefix of its builds, `10.0.20348`. */
  readonly build: string;
  /** The package that represents the operating system in a manifest; its version is the build: `windows-server-2022`. */
  readonly name: string;
}

export type Feed = RpmFeed | DebianFeed | CsafFeed | MsrcFeed;

/** A package in the version that an advisory calls fixed. */
export interface FixedPackage {
  readonly name: string;
  /** As the vendor spells it: `x86_64`, `noarch`, `amd64`, `all`. */
  readonly architecture: string;
  /** The full version: `[epoch:]version-release` (RPM), a Debian version, a Windows build, or an update's number without a build. */
  readonly version: string;
  /** Windows only: the updates that decide if builds cannot be compared. */
  readonly updates?: FixingUpdates;
  /** Its module stream (RHEL family), `nodejs:20`. */
  readonly module?: string;
  /** The fix applies only if this package is installed in this version: SLES's service pack, a version of .NET Framework. */
  readonly on?: { readonly name: string; readonly version: string };
}

/** A vendor's advisory, limited to the packages that were asked for. */
export interface Advisory {
  readonly id: string;
  readonly severity: AdvisorySeverity;
  readonly cves: readonly string[];
  /** When the vendor published it, as `2026-04-01` or as a UTC timestamp; absent if the feed does not say. */
  readonly issued?: string;
  /** Empty if the vendor names no fixed version: such an advisory triggers nothing. */
  readonly fixes: readonly FixedPackage[];
  /** The source package and its version, for advisories from an archive. */
  readonly source?: { readonly name: string; readonly version: string };
  /** The archive's updates that it announces, if the vendor gave it its own id: `bookworm-security/openssl/3.0.17-1~deb12u3`. */
  readonly archive?: readonly string[];
  /** Since when its severity has been unknown: after a day it counts as important (`countsFrom`). */
  readonly unknownSince?: string;
}

/** A package of a Debian archive, with the source package that it was built from. */
export interface ArchivePackage extends FixedPackage {
  readonly source: string;
  readonly sourceVersion: string;
}

/**
 * A Debian archive publishes packages, not advisories: each version of a source package becomes one advisory,
 * `<suite>/<source>/<version>`. A rebuild of the same source (`+b1`) is a separate one, because it also fixes something.
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
    ...(some[0] && { source: { name: some[0].source, version: some[0].sourceVersion } }),
  }));
}
