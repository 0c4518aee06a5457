import type { CsafFeed, MsrcFeed } from "../advisories/feed.ts";
import { debianKeys, ubuntuKeys, ubuntuProKeys } from "../advisories/vendor-keys.ts";
import type { PackageManager } from "../advisories/versions.ts";

/** As in a factory's config. */
export type Architecture = "x86_64" | "arm64";

/** The source of an operating system's advisories. What its images need is in `image-system.ts`. */
type Row = RpmRow | CsafRow | DpkgRow | WindowsRow;

/** RPM repositories with updateinfo. */
interface RpmRow {
  readonly manager: "rpm";
  readonly vendor: string;
  /** `mirror-list`: a path names a file whose first line is the repository's address. `repomd`: it is that of repomd.xml. */
  readonly address: "mirror-list" | "repomd";
  /** Below the vendor's address. @param architecture as RPM spells it */
  paths(at: { readonly release: string; readonly architecture: string }): readonly string[];
}

/** CSAF documents, below the vendor's address. */
interface CsafRow {
  readonly manager: "rpm";
  readonly vendor: string;
  readonly csaf: Pick<CsafFeed, "documents" | "products">;
}

/** Microsoft's Security Update Guide. */
interface WindowsRow extends Pick<MsrcFeed, "product" | "build" | "name"> {
  readonly manager: "windows";
  readonly vendor: string;
}

/** A suite of a Debian archive, which has no severities. */
interface DpkgRow {
  readonly manager: "dpkg";
  readonly vendor: string | Readonly<Record<Architecture, string>>;
  readonly suite: string;
  readonly components: readonly string[];
  /** OpenPGP public keys that the vendor signs with. */
  readonly keys: readonly string[];
  /** OSV's name of the release, if the vendor publishes severities there. */
  readonly severities?: string;
  /** The address of the folder with the vendor's lists of announced updates. */
  readonly notices?: string;
  /** The archives that a subscription adds. */
  readonly pro?: ProArchives;
}

/**
 * The archives of Ubuntu Pro's Expanded Security Maintenance. Their indexes are public: `apt` on machines without Pro lists
 * the updates that Pro would install (ubuntu-pro-client 31.2.3, `update_esm_caches`). The packages need a subscription.
 */
interface ProArchives {
  readonly vendor: string;
  /** Paths below the vendor's address, each with its suite: `noble-apps-security`. */
  readonly services: readonly string[];
  readonly keys: readonly string[];
  /** As `severities`, for updates that only the subscription has. */
  readonly severities: string;
}

const amazonLinux = { manager: "rpm", address: "mirror-list" } as const;

const enterpriseLinux = (vendor: string, release: number) =>
  ({
    manager: "rpm",
    address: "repomd",
    vendor,
    paths: ({ architecture }) =>
      ["BaseOS", "AppStream"].map((repository) => `${release}/${repository}/${architecture}/os/repodata/repomd.xml`),
  }) as const satisfies Row;

const ROCKY = "https://dl.rockylinux.org/pub/rocky";
const ALMA = "https://repo.almalinux.org/almalinux";

/** The repositories need a subscription; the CSAF documents of Red Hat and SUSE are public. */
const rhel = (release: number) =>
  ({
    manager: "rpm",
    vendor: "https://security.access.redhat.com/data/csaf/v2/advisories",
    csaf: { documents: "rhsa-", products: { cpe: `redhat:enterprise_linux:${release}` } },
  }) as const;

const sles = (release: string) =>
  ({
    manager: "rpm",
    vendor: "https://ftp.suse.com/pub/projects/security/csaf",
    csaf: { documents: "suse-su-", products: { sles: release } },
  }) as const;

const windows = (release: number, build: string) =>
  ({
    manager: "windows",
    vendor: "https://api.msrc.microsoft.com/cvrf/v3.0",
    product: `Windows Server ${release}`,
    build,
    name: `windows-server-${release}`,
  }) as const;

const ubuntu = {
  manager: "dpkg",
  // x86 has its own archive. Both use HTTP: their metadata is signed.
  vendor: { x86_64: "http://security.ubuntu.com/ubuntu", arm64: "http://ports.ubuntu.com/ubuntu-ports" },
  components: ["main", "restricted", "universe", "multiverse"],
  keys: ubuntuKeys,
} as const;

const ubuntuRelease = (release: string, codename: string) =>
  ({
    ...ubuntu,
    suite: `${codename}-security`,
    severities: `Ubuntu:${release}:LTS`,
    pro: {
      vendor: "https://esm.ubuntu.com",
      services: ["apps", "infra"],
      keys: ubuntuProKeys,
      severities: `Ubuntu:Pro:${release}:LTS`,
    },
  }) as const;

const debian = {
  manager: "dpkg",
  // The archive's own host: deb.debian.org is a network of mirrors.
  vendor: "https://security.debian.org/debian-security",
  components: ["main", "contrib", "non-free-firmware", "non-free"],
  keys: debianKeys,
  // The only source with advisories, CVEs and fixed versions. It is not signed; TLS alone protects it.
  notices: "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data",
} as const;

const operatingSystems = {
  al2023: {
    ...amazonLinux,
    vendor: "https://cdn.amazonlinux.com/al2023",
    paths: ({ release, architecture }) => [`core/mirrors/${release}/${architecture}/mirror.list`],
  },
  al2: {
    ...amazonLinux,
    vendor: "https://cdn.amazonlinux.com/2",
    paths: ({ architecture }) => [`core/latest/${architecture}/mirror.list`],
  },
  "ubuntu-2204": ubuntuRelease("22.04", "jammy"),
  "ubuntu-2404": ubuntuRelease("24.04", "noble"),
  "ubuntu-2604": ubuntuRelease("26.04", "resolute"),
  "debian-12": { ...debian, suite: "bookworm-security" },
  "debian-13": { ...debian, suite: "trixie-security" },
  "rocky-9": enterpriseLinux(ROCKY, 9),
  "rocky-10": enterpriseLinux(ROCKY, 10),
  "alma-9": enterpriseLinux(ALMA, 9),
  "alma-10": enterpriseLinux(ALMA, 10),
  "rhel-8": rhel(8),
  "rhel-9": rhel(9),
  "rhel-10": rhel(10),
  "sles-15": sles("15"),
  "sles-16": sles("16"),
  "windows-2019": windows(2019, "10.0.17763"),
  "windows-2022": windows(2022, "10.0.20348"),
  "windows-2025": windows(2025, "10.0.26100"),
} as const satisfies Readonly<Record<string, Row>>;

export type OperatingSystem = keyof typeof operatingSystems;

/** An operating system's row. */
export const rowOf = (os: OperatingSystem): Row => operatingSystems[os];

export const osNames = Object.keys(operatingSystems) as OperatingSystem[];

/** How a package manager spells an architecture: `x86_64`, `aarch64`; `amd64`, `arm64`; Windows as the config. */
export function packageArchitecture(manager: PackageManager, architecture: Architecture): string {
  switch (manager) {
    case "rpm":
      return architecture === "arm64" ? "aarch64" : "x86_64";
    case "dpkg":
      return architecture === "arm64" ? "arm64" : "amd64";
    case "windows":
      return architecture;
  }
}
