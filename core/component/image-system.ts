import type { PackageManager } from "../advisories/versions.ts";
import { type Architecture, type OperatingSystem, rowOf } from "./operating-system.ts";

/** Image Builder's platform names. */
export type Platform = "Linux" | "Windows";

/** The components that update an operating system to a release. */
interface ReleaseUpdate {
  readonly ami: string;
  readonly container: string;
}

/** What images of an operating system need. Its advisories are in `operating-system.ts`. */
interface ImageSystem {
  readonly platform: Platform;
  /** The package manager. Windows has only its build and its features. */
  readonly packages: "rpm" | "dpkg" | "windows";
  readonly architectures: readonly Architecture[];
  /** The public parameter that images start from if the config has no parent; undefined if there is none. */
  readonly parent?: (architecture: Architecture) => string;
  /** Why no parameter exists, and what the vendor publishes instead. */
  readonly withoutParent?: string;
  /** The row of `operating-system.ts` with its advisories, if the name differs. */
  readonly feed?: OperatingSystem;
  /** The root device of its AMIs. */
  readonly rootDevice: string;
  /** The size of the vendor's AMIs in GiB: EC2 does not launch them with a smaller volume. */
  readonly leastGiB: number;
  /** The default volume size, in GiB. */
  readonly volumeGiB: number;
  /** Default types of build and test instances; absent: the architecture's. */
  readonly instanceTypes?: readonly string[];
  /** The component that installs the system's updates. */
  readonly update: string;
  /**
   * For an operating system with releases: the components that update to one. Its package manager is locked to the
   * parent's release, so no other component, including `aws:update-linux`, installs a later fix (Amazon Linux 2023 user
   * guide, "Deterministic upgrades", also for container images). The component for AMIs reboots; a container cannot.
   */
  readonly releases?: ReleaseUpdate;
  /** Why UpdateOS, and therefore `aws:update-linux`, does not work (Image Builder user guide, "Action modules"). */
  readonly withoutUpdateOs?: string;
  /** Run if the config lists no tests. */
  readonly tests: readonly string[];
  /**
   * The package manager with which the recipe's user data installs SSM Agent, if its AMIs do not include it (Systems Manager
   * user guide, "Find AMIs with the SSM Agent preinstalled").
   */
  readonly installsAgent?: "rpm" | "dpkg";
  /** Image Builder does not list it as supported; `amint validate` warns ("Supported operating systems"). */
  readonly unlisted?: true;
  /**
   * Why AWS's STIG components must not be used: they apply RHEL's settings to operating systems that they do not support
   * (Image Builder user guide, "STIG hardening components").
   */
  readonly withoutStig?: string;
  /** Whether Amazon Inspector supports CIS scans of it (Inspector user guide, "Supported operating systems: CIS scanning"). */
  readonly inspectorCis: boolean;
}

const both = ["x86_64", "arm64"] as const;

const linux = { platform: "Linux", architectures: both, tests: ["amint:system-tests"] } as const;

const amazonLinux2023 = {
  ...linux,
  packages: "rpm",
  feed: "al2023",
  rootDevice: "/dev/xvda",
  update: "amint:update-al2023",
  releases: { ami: "update-al2023", container: "update-al2023-container" },
  withoutUpdateOs: "UpdateOS does not support Amazon Linux 2023, whose dnf is locked to a release",
  inspectorCis: true,
} as const;

const dpkgName = (architecture: Architecture): string => (architecture === "arm64" ? "arm64" : "amd64");

const ubuntu = (release: string, storage: "gp2" | "gp3") =>
  ({
    ...linux,
    packages: "dpkg",
    parent: (architecture: Architecture) =>
      `/aws/service/canonical/ubuntu/server/${release}/stable/current/${dpkgName(architecture)}/hvm/ebs-${storage}/ami-id`,
    rootDevice: "/dev/sda1",
    leastGiB: 8,
    volumeGiB: 8,
    update: "amint:update-ubuntu",
  }) as const;

const withoutStig = "AWS's STIG components do not support it and would apply RHEL's settings";

const debian = (release: string) =>
  ({
    ...linux,
    packages: "dpkg",
    parent: (architecture: Architecture) => `/aws/service/debian/release/${release}/latest/${dpkgName(architecture)}`,
    rootDevice: "/dev/xvda",
    leastGiB: 8,
    volumeGiB: 8,
    update: "amint:update-debian",
    installsAgent: "dpkg",
    unlisted: true,
    withoutStig,
    inspectorCis: false,
  }) as const;

/** RHEL and its rebuilds: their vendors publish AMIs, but no parameters. */
const enterpriseLinux = (vendor: string, owner: string, pattern: string) =>
  ({
    ...linux,
    packages: "rpm",
    withoutParent: `${vendor} publishes no public parameter, only AMIs: { ami: { owner: "${owner}", name: "${pattern}" } }`,
    rootDevice: "/dev/sda1",
    leastGiB: 10,
    volumeGiB: 10,
    update: "amint:update-enterprise-linux",
  }) as const;

const rhel = (release: number) =>
  ({
    ...enterpriseLinux("Red Hat", "309956199498", `RHEL-${release}*_HVM-*-Hourly2-GP3`),
    installsAgent: "rpm",
    inspectorCis: release < 10,
  }) as const;

const rocky = (release: number) =>
  ({
    ...enterpriseLinux("Rocky Linux", "792107900819", `Rocky-${release}-EC2-Base-${release}.*`),
    installsAgent: "rpm",
    unlisted: true,
  }) as const;

/** Its AMIs include SSM Agent. */
const alma = (release: number) =>
  ({
    ...enterpriseLinux("AlmaLinux", "764336703387", `AlmaLinux OS ${release}*`),
    unlisted: true,
    inspectorCis: false,
  }) as const;

const sles = (release: string) =>
  ({
    ...linux,
    packages: "rpm",
    parent: (architecture: Architecture) => `/aws/service/suse/sles/${release}/${architecture}/latest`,
    rootDevice: "/dev/sda1",
    leastGiB: 10,
    volumeGiB: 10,
    update: "amint:update-sles",
    withoutUpdateOs: "UpdateOS works with yum and apt-get, and SLES has zypper",
  }) as const;

/** Its AMIs nearly fill 30 GB, and installing updates temporarily needs space. */
const windows = (release: string, edition: "Full" | "Core" = "Full") =>
  ({
    platform: "Windows",
    packages: "windows",
    architectures: ["x86_64"],
    parent: () => `/aws/service/ami-windows-latest/Windows_Server-${release}-English-${edition}-Base`,
    rootDevice: "/dev/sda1",
    leastGiB: 30,
    volumeGiB: 50,
    instanceTypes: ["m7i.xlarge", "m6i.xlarge", "m5.xlarge"],
    update: "aws:update-windows",
    tests: ["amint:windows-system-tests"],
    inspectorCis: true,
  }) as const;

const imageSystems = {
  al2023: {
    ...amazonLinux2023,
    parent: (architecture) => `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
    leastGiB: 8,
    volumeGiB: 8,
  },
  "al2023-minimal": {
    ...amazonLinux2023,
    parent: (architecture) => `/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-${architecture}`,
    leastGiB: 2,
    volumeGiB: 8,
  },
  "al2023-ecs": {
    ...amazonLinux2023,
    parent: (architecture) =>
      `/aws/service/ecs/optimized-ami/amazon-linux-2023/${architecture === "arm64" ? "arm64/" : ""}recommended/image_id`,
    leastGiB: 30,
    volumeGiB: 30,
  },
  "al2023-eks": {
    ...amazonLinux2023,
    withoutParent:
      'its parameters name a version of Kubernetes, "/aws/service/eks/optimized-ami/<version>/amazon-linux-2023/<architecture>/standard/recommended/image_id"',
    leastGiB: 20,
    volumeGiB: 20,
  },
  al2: {
    ...linux,
    packages: "rpm",
    parent: (architecture) => `/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-${architecture}-gp2`,
    rootDevice: "/dev/xvda",
    leastGiB: 8,
    volumeGiB: 8,
    update: "aws:update-linux",
    inspectorCis: false,
  },
  "ubuntu-2204": { ...ubuntu("22.04", "gp2"), inspectorCis: true },
  "ubuntu-2404": { ...ubuntu("24.04", "gp3"), inspectorCis: true },
  "ubuntu-2604": { ...ubuntu("26.04", "gp3"), unlisted: true, withoutStig, inspectorCis: false },
  "debian-12": debian("12"),
  "debian-13": debian("13"),
  "rhel-8": rhel(8),
  "rhel-9": rhel(9),
  "rhel-10": rhel(10),
  "rocky-9": { ...rocky(9), inspectorCis: true },
  "rocky-10": { ...rocky(10), inspectorCis: false },
  "alma-9": alma(9),
  "alma-10": alma(10),
  "sles-15": { ...sles("15-sp7"), inspectorCis: true },
  "sles-16": { ...sles("16.0"), withoutStig, inspectorCis: false },
  "windows-2019": windows("2019"),
  "windows-2022": windows("2022"),
  // inferred: Inspector evaluates Core, too; its guide does not distinguish editions.
  "windows-2022-core": { ...windows("2022", "Core"), feed: "windows-2022" },
  "windows-2025": windows("2025"),
  "windows-2025-core": { ...windows("2025", "Core"), feed: "windows-2025" },
} as const satisfies Readonly<Record<string, ImageSystem>>;

/** The values of an image's `os`. */
export type ImageOs = keyof typeof imageSystems;

/** Operating systems that use the advisories of another one. */
type Variant = { [Os in ImageOs]: (typeof imageSystems)[Os] extends { feed: unknown } ? Os : never }[ImageOs];

export const imageOsNames = Object.keys(imageSystems) as ImageOs[];

/** An operating system's row. */
export const imageSystemOf = (os: ImageOs): ImageSystem => imageSystems[os];

/** The operating system whose advisories apply to an image. */
export function advisoriesOf(os: ImageOs): OperatingSystem {
  const row = imageSystems[os];
  return "feed" in row ? row.feed : (os as Exclude<ImageOs, Variant>);
}

/** The package manager whose rules compare versions of an image's packages. */
export const managerOf = (os: ImageOs): PackageManager => rowOf(advisoriesOf(os)).manager;

/** Operating systems with releases. */
export const releasedOsNames = imageOsNames.filter((os) => imageSystemOf(os).releases);
export const releaseUpdates: readonly ReleaseUpdate[] = imageOsNames.flatMap((os) => imageSystemOf(os).releases ?? []);
