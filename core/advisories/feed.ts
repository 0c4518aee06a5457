import type { AdvisorySeverity } from "../../events/build.ts";
import type { FixingUpdates } from "./windows-updates.ts";

/** What both kinds of feed have. */
interface AnyFeed {
  /** The address of its metadata, by which people know it. */
  readonly url: string;
  /**
   * OpenPGP public keys, one of which must have signed the metadata: armored, or the base64 of key packets. None: the
   * metadata's signature is not looked at.
   */
  readonly keys: readonly string[];
  /** A mirror of metadata that its vendor does not sign, without a key of its own: it is not read. */
  readonly needsKey?: true;
  /** It is served on 127.0.0.1 in a test or on a laptop. All other feeds are read at public addresses only. */
  readonly standIn?: true;
}

/** An RPM repository with `repodata/repomd.xml`, and updateinfo in it. */
export interface RpmFeed extends AnyFeed {
  readonly kind: "rpm";
  /** `mirror-list`: `url` names a text whose first line is the repository's address; else `url` is that of repomd.xml. */
  readonly address: "mirror-list" | "repomd";
}

/** A suite of a Debian archive: `InRelease`, and `Packages` for each component. */
export interface DebianFeed extends AnyFeed {
  readonly kind: "debian";
  /** Such as `noble-security`; advisories' ids begin with it. */
  readonly suite: string;
  /** `main`, `universe`; `updates/main` where the archive has it so. */
  readonly components: readonly string[];
  /** As Debian spells it: `amd64`, `arm64`. */
  readonly architecture: string;
  /** Who says how severe an update is, since the archive does not; absent where no one does. */
  readonly severities?: Severities;
  /** Where its vendor announces updates with their CVEs, since the archive has none; absent where it does not. */
  readonly notices?: Notices;
}

/** The lists of Debian's security tracker: `DSA/list` of its security team, `DLA/list` of its LTS team. */
interface Notices {
  /** The address of the folder that both are below. */
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
  /** How the names of its documents of security advisories begin: `rhsa-`. */
  readonly documents: string;
  readonly products: CsafProducts;
  /** As RPM spells it. */
  readonly architecture: string;
}

/**
 * The products of documents that are an operating system. Red Hat's are known by their CPEs: `redhat:enterprise_linux:9`
 * is `cpe:/a:redhat:enterprise_linux:9::appstream`, too, and neither EUS nor a layered product. SUSE's are modules of a
 * service pack, known by their names.
 */
export type CsafProducts = { readonly cpe: string } | { readonly sles: string };

/** Microsoft's Security Update Guide: a document a month, which `updates` lists with the time of its last change. */
export interface MsrcFeed extends AnyFeed {
  readonly kind: "msrc";
  /** The product by Microsoft's name, as Full and as Core: `Windows Server 2022`. */
  readonly product: string;
  /** What its builds begin with, `10.0.20348`. */
  readonly build: string;
  /** The package that stands for the system in a manifest; its version is the build: `windows-server-2022`. */
  readonly name: string;
}

export type Feed = RpmFeed | DebianFeed | CsafFeed | MsrcFeed;

/** A package in the version that an advisory calls fixed. */
export interface FixedPackage {
  readonly name: string;
  /** As the vendor spells it: `x86_64`, `noarch`, `amd64`, `all`. */
  readonly architecture: string;
  /** In full: `[epoch:]version-release` of RPM, a Debian version, a build of Windows, or an update's number where it has no build. */
  readonly version: string;
  /** Of Windows: the updates that decide where builds cannot be compared. */
  readonly updates?: FixingUpdates;
  /** The module stream of the RHEL family that it belongs to, `nodejs:20`. */
  readonly module?: string;
  /** A package that is installed in that version where the fix applies: SLES's service pack, a version of .NET Framework. */
  readonly on?: { readonly name: string; readonly version: string };
}

/** A vendor's advisory, as far as it names packages that somebody asked about. */
export interface Advisory {
  readonly id: string;
  readonly severity: AdvisorySeverity;
  readonly cves: readonly string[];
  /** When its vendor published it, as `2026-04-01` or as a moment in UTC; left out where the feed does not say. */
  readonly issued?: string;
  /** Empty where the vendor names no fixed version: such an advisory can trigger nothing. */
  readonly fixes: readonly FixedPackage[];
  /** The source package whose version it is, where it comes from an archive. */
  readonly source?: { readonly name: string; readonly version: string };
  /** The archive's updates that it announces, where its vendor gave it an id of its own: `bookworm-security/openssl/3.0.17-1~deb12u3`. */
  readonly archive?: readonly string[];
  /** Since when its severity is asked for in vain: it counts as important after a day (`countsFrom`). */
  readonly unknownSince?: string;
}

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
    ...(some[0] && { source: { name: some[0].source, version: some[0].sourceVersion } }),
  }));
}
