import { debianKeys, ubuntuKeys } from "../advisories/vendor-keys.ts";
import type { PackageManager } from "../advisories/versions.ts";

/** As a factory's config says it. */
export type Architecture = "x86_64" | "arm64";

/** What differs from one operating system to another; all else follows from it. */
type Row = (RpmRow | DpkgRow) & {
  /**
   * Where it may be an image's `os`: the device that its AMIs boot from. Of the others only the feeds can be read.
   */
  readonly rootDevice?: string;
  /**
   * Image Builder does not list it as supported, and its AMIs come without the agent of Systems Manager: recipes install the
   * agent by user data, and `amint validate` warns (Image Builder user guide, "Supported operating systems").
   */
  readonly unlisted?: true;
  /**
   * Where it comes in releases, the components that take it to one. Its package manager is locked to the parent's own
   * release, so nothing else of ours, nor `aws:update-linux`, installs a fix that came after it (Amazon Linux 2023 user
   * guide, "Deterministic upgrades", which holds for its container images, too). A machine boots into what was
   * installed; a container has nothing to boot.
   */
  readonly update?: ReleaseUpdate;
};

interface ReleaseUpdate {
  readonly ami: string;
  readonly container: string;
}

/** RPM repositories with updateinfo. */
interface RpmRow {
  readonly manager: "rpm";
  readonly vendor: string;
  /** `mirror-list`: a path names a text whose first line is the repository's address; else it is that of repomd.xml. */
  readonly address: "mirror-list" | "repomd";
  /** Below the vendor's address. @param architecture as RPM spells it */
  paths(at: { readonly release: string; readonly architecture: string }): readonly string[];
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
}

const amazonLinux = { manager: "rpm", address: "mirror-list" } as const;

const enterpriseLinux = {
  manager: "rpm",
  address: "repomd",
  paths: ({ architecture }) =>
    ["BaseOS", "AppStream"].map((repository) => `9/${repository}/${architecture}/os/repodata/repomd.xml`),
} as const satisfies Partial<Row>;

const ubuntu = {
  manager: "dpkg",
  // x86 has one archive and all else another. Both by HTTP: what they say is signed.
  vendor: { x86_64: "http://security.ubuntu.com/ubuntu", arm64: "http://ports.ubuntu.com/ubuntu-ports" },
  components: ["main", "restricted", "universe", "multiverse"],
  keys: ubuntuKeys,
} as const;

const debian = {
  manager: "dpkg",
  // The archive's own host: deb.debian.org is a network of mirrors.
  vendor: "https://security.debian.org/debian-security",
  components: ["main", "contrib", "non-free-firmware", "non-free"],
  keys: debianKeys,
  rootDevice: "/dev/xvda",
  unlisted: true,
} as const;

export const operatingSystems = {
  al2023: {
    ...amazonLinux,
    vendor: "https://cdn.amazonlinux.com/al2023",
    paths: ({ release, architecture }) => [`core/mirrors/${release}/${architecture}/mirror.list`],
    rootDevice: "/dev/xvda",
    update: {
      ami: "update-al2023",
      container: "update-al2023-container",
    },
  },
  al2: {
    ...amazonLinux,
    vendor: "https://cdn.amazonlinux.com/2",
    paths: ({ architecture }) => [`core/latest/${architecture}/mirror.list`],
    rootDevice: "/dev/xvda",
  },
  "ubuntu-2204": { ...ubuntu, suite: "jammy-security", severities: "Ubuntu:22.04:LTS", rootDevice: "/dev/sda1" },
  "ubuntu-2404": { ...ubuntu, suite: "noble-security", severities: "Ubuntu:24.04:LTS", rootDevice: "/dev/sda1" },
  "debian-12": { ...debian, suite: "bookworm-security" },
  "debian-13": { ...debian, suite: "trixie-security" },
  "rocky-9": { ...enterpriseLinux, vendor: "https://dl.rockylinux.org/pub/rocky" },
  "alma-9": { ...enterpriseLinux, vendor: "https://repo.almalinux.org/almalinux" },
} as const satisfies Readonly<Record<string, Row>>;

type Rows = typeof operatingSystems;
export type OperatingSystem = keyof Rows;
/** Those that an image may have as its `os`. */
export type ImageOs = {
  [Os in OperatingSystem]: Rows[Os] extends { rootDevice: string } ? Os : never;
}[OperatingSystem];

/** An operating system's row. */
export const rowOf = (os: OperatingSystem): Row => operatingSystems[os];

export const osNames = Object.keys(operatingSystems) as OperatingSystem[];
export const imageOsNames = osNames.filter((os): os is ImageOs => rowOf(os).rootDevice !== undefined);
/** Those that come in releases. */
export const releasedOsNames = osNames.filter((os) => rowOf(os).update);
export const releaseUpdates: readonly ReleaseUpdate[] = osNames.flatMap((os) => rowOf(os).update ?? []);

/** How a package manager spells an architecture: `x86_64`, `aarch64`; `amd64`, `arm64`. */
export function packageArchitecture(manager: PackageManager, architecture: Architecture): string {
  switch (manager) {
    case "rpm":
      return architecture === "arm64" ? "aarch64" : "x86_64";
    case "dpkg":
      return architecture === "arm64" ? "arm64" : "amd64";
  }
}
