import type { CsafFeed, MsrcFeed } from "../advisories/feed.ts";
import { debianKeys, ubuntuKeys, ubuntuProKeys } from "../advisories/vendor-keys.ts";
import type { PackageManager } from "../advisories/versions.ts";

/** As a factory's config says it. */
export type Architecture = "x86_64" | "arm64";

/** Where an operating system's advisories come from; what its images need is in `image-system.ts`. */
type Row = RpmRow | CsafRow | DpkgRow | WindowsRow;

/** RPM repositories with updateinfo. */
interface RpmRow {
  readonly manager: "rpm";
  readonly vendor: string;
  /** `mirror-list`: a path names a text whose first line is the repository's address; else it is that of repomd.xml. */
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

/** A suite of a Debian archive, which does not have severities. */
interface DpkgRow {
  readonly manager: "dpkg";
  readonly vendor: string | Readonly<Record<Architecture, string>>;
  readonly suite: string;
  readonly components: readonly string[];
  /** OpenPGP public keys that the vendor signs with. */
  readonly keys: readonly string[];
  /** The release by OSV's name, where its vendor publishes severities there. */
  readonly severities?: string;
  /** The folder that has its vendor's lists of announced updates. */
  readonly notices?: string;
  /** What a subscription adds. */
  readonly pro?: ProArchives;
}

/**
 * The archives of Ubuntu Pro's Expanded Security Maintenance. Their indexes are public: `apt` on machines without Pro lists
 * what Pro would fix (ubuntu-pro-client 31.2.3, `update_esm_caches`). Their packages need a subscription.
 */
interface ProArchives {
  readonly vendor: string;
  /** Below the vendor's address; a suite for each: `noble-apps-security`. */
  readonly services: readonly string[];
  readonly keys: readonly string[];
  /** As `severities`, of what only the subscription fixes. */
  readonly severities: string;
}

const amazonLinux = { manager: "rpm", address: "mirror-list" } as const;

const enterpriseLinux = {
  manager: "rpm",
  address: "repomd",
  paths: ({ architecture }) =>
    ["BaseOS", "AppStream"].map((repository) => `9/${repository}/${architecture}/os/repodata/repomd.xml`),
} as const satisfies Partial<Row>;

/** The repositories themselves take a subscription; the documents are Red Hat's and SUSE's own, and public. */
const rhel = (release: number) =>
  ({
    manager: "rpm",
    vendor: "https://security.access.redhat.com/data/csaf/v2/advisories",
    csaf: { documents: "rhsa-", products: { cpe: `redhat:enterprise_linux:${release}` } },
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
  // x86 has one archive and all else another. Both by HTTP: what they say is signed.
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
  // The one place that joins advisories with CVEs and fixed versions; by TLS alone.
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
  "rocky-9": { ...enterpriseLinux, vendor: "https://dl.rockylinux.org/pub/rocky" },
  "alma-9": { ...enterpriseLinux, vendor: "https://repo.almalinux.org/almalinux" },
  "rhel-8": rhel(8),
  "rhel-9": rhel(9),
  "rhel-10": rhel(10),
  "sles-15": {
    manager: "rpm",
    vendor: "https://ftp.suse.com/pub/projects/security/csaf",
    csaf: { documents: "suse-su-", products: { sles: "15" } },
  },
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
