import type { ArchitectureValues } from "@aws-sdk/client-ec2";

type Architecture = Extract<ArchitectureValues, "x86_64" | "arm64">;

/** A series of public images with the owner's real names and parameters. */
export interface PublicFamily {
  readonly owner: string;
  readonly architectures: readonly Architecture[];
  readonly platform?: "windows";
  /** The billing code of launches; omitted: by its platform. */
  readonly usageOperation?: string;
  readonly rootDeviceName: string;
  readonly volumeSizeGiB: number;
  readonly volumeType: "gp2" | "gp3";
  readonly description: (version: string, architecture: Architecture) => string;
  /** The version published on a date (`YYYY-MM-DD`). */
  readonly versionOn: (date: string) => string;
  readonly imageName: (version: string, architecture: Architecture) => string;
  /** Image Builder's name for it among the images that AWS manages; omitted: not managed, or its name is not known. */
  readonly managedName?: (architecture: Architecture) => string;
  /** Omitted: its owner publishes none. */
  readonly parameter?: (architecture: Architecture) => string;
}

const AMAZON_LINUX = "137112412989";
const WINDOWS = "801119661308";
const CANONICAL = "099720109477";
const DEBIAN = "136693071363";
const SUSE = "013907871322";
const RED_HAT = "309956199498";
const ROCKY = "792107900819";
const ALMA = "764336703387";

/** Amazon's images, and those of verified providers, carry the alias `amazon`. */
export const ownerAlias = (account: string): string | undefined =>
  [AMAZON_LINUX, WINDOWS, CANONICAL, DEBIAN, SUSE].includes(account) ? "amazon" : undefined;

const plain = (date: string): string => date.replaceAll("-", "");
const managedAs = (name: string) => (architecture: Architecture) =>
  `${name}-${architecture === "arm64" ? "arm64" : "x86"}`;
const dpkgName = (architecture: Architecture): string => (architecture === "arm64" ? "arm64" : "amd64");

const ubuntu = (release: string, codename: string, storage: { name: string; type: "gp2" | "gp3" }): PublicFamily => ({
  owner: CANONICAL,
  architectures: ["x86_64", "arm64"],
  rootDeviceName: "/dev/sda1",
  volumeSizeGiB: 8,
  volumeType: storage.type,
  description: (version, architecture) =>
    `Canonical, Ubuntu, ${release}, ${dpkgName(architecture)} ${codename} image build on ${version}`,
  versionOn: plain,
  imageName: (version, architecture) =>
    `ubuntu/images/${storage.name}/ubuntu-${codename}-${release}-${dpkgName(architecture)}-server-${version}`,
  managedName: managedAs(`ubuntu-server-${release.split(".")[0]}-lts`),
  parameter: (architecture) =>
    `/aws/service/canonical/ubuntu/server/${release}/stable/current/${dpkgName(architecture)}/hvm/ebs-${storage.type}/ami-id`,
});

/** With Canonical's subscription included in the price. */
const ubuntuPro = (
  release: string,
  codename: string,
  { managedName: _, ...server } = ubuntu(release, codename, { name: "hvm-ssd-gp3", type: "gp3" }),
): PublicFamily => ({
  ...server,
  usageOperation: "RunInstances:0g00",
  description: (version, architecture) =>
    `Canonical, Ubuntu Pro, ${release}, ${dpkgName(architecture)} ${codename} image build on ${version}`,
  imageName: (version, architecture) =>
    `ubuntu-pro-server/images/hvm-ssd-gp3/ubuntu-${codename}-${release}-${dpkgName(architecture)}-pro-server-${version}`,
  parameter: (architecture) =>
    `/aws/service/canonical/ubuntu/pro-server/${release}/stable/current/${dpkgName(architecture)}/hvm/ebs-gp3/ami-id`,
});

const DAY_MS = 86_400_000;

/** Names end with a count of days: 20240507-1740, 20250316-2053. */
const FIRST_DEBIAN_BUILD = Date.UTC(2019, 7, 2);

const debian = (release: string): PublicFamily => ({
  owner: DEBIAN,
  architectures: ["x86_64", "arm64"],
  rootDeviceName: "/dev/xvda",
  volumeSizeGiB: 8,
  volumeType: "gp3",
  description: (version) => `Debian ${release} (${version})`,
  versionOn: (date) => `${plain(date)}-${(Date.parse(date) - FIRST_DEBIAN_BUILD) / DAY_MS}`,
  imageName: (version, architecture) => `debian-${release}-${dpkgName(architecture)}-${version}`,
  parameter: (architecture) => `/aws/service/debian/release/${release}/latest/${dpkgName(architecture)}`,
});

const windows = (release: number, edition: "Full" | "Core"): PublicFamily => ({
  owner: WINDOWS,
  architectures: ["x86_64"],
  platform: "windows",
  rootDeviceName: "/dev/sda1",
  volumeSizeGiB: 30,
  volumeType: "gp2",
  description: () => `Microsoft Windows Server ${release} ${edition} Locale English AMI provided by Amazon`,
  versionOn: (date) => date.replaceAll("-", "."),
  imageName: (version) => `Windows_Server-${release}-English-${edition}-Base-${version}`,
  managedName: managedAs(`windows-server-${release}-english-${edition.toLowerCase()}-base`),
  parameter: () => `/aws/service/ami-windows-latest/Windows_Server-${release}-English-${edition}-Base`,
});

/** RHEL and its derivatives boot from /dev/sda1 and have no public parameters. */
const enterpriseLinux = (owner: string, name: string, imageName: PublicFamily["imageName"]): PublicFamily => ({
  owner,
  architectures: ["x86_64", "arm64"],
  rootDeviceName: "/dev/sda1",
  volumeSizeGiB: 10,
  volumeType: "gp3",
  description: (version) => `${name} (${version})`,
  versionOn: plain,
  imageName,
});

const rhel = (release: string): PublicFamily => ({
  managedName: managedAs(`red-hat-enterprise-linux-${release.split(".")[0]}`),
  ...enterpriseLinux(
    RED_HAT,
    `Red Hat Enterprise Linux ${release}`,
    (version, architecture) => `RHEL-${release}_HVM-${version}-${architecture}-0-Hourly2-GP3`,
  ),
  usageOperation: "RunInstances:0010",
});

const kernelName = (architecture: Architecture): string => (architecture === "arm64" ? "aarch64" : "x86_64");

const rocky = (release: string): PublicFamily => {
  const major = release.split(".")[0];
  return enterpriseLinux(
    ROCKY,
    `Rocky Linux ${major}`,
    (version, architecture) => `Rocky-${major}-EC2-Base-${release}-${version}.0.${kernelName(architecture)}`,
  );
};

const alma = (release: string): PublicFamily =>
  enterpriseLinux(
    ALMA,
    `AlmaLinux OS ${release.split(".")[0]}`,
    (version, architecture) => `AlmaLinux OS ${release}.${version} ${kernelName(architecture)}`,
  );

const sles = (release: string, parameter: string): PublicFamily => ({
  owner: SUSE,
  usageOperation: "RunInstances:000g",
  architectures: ["x86_64", "arm64"],
  rootDeviceName: "/dev/sda1",
  volumeSizeGiB: 10,
  volumeType: "gp3",
  description: (version) => `SUSE Linux Enterprise Server ${release} (${version})`,
  versionOn: plain,
  imageName: (version, architecture) => `suse-sles-${parameter.replace(".", "-")}-v${version}-hvm-ssd-${architecture}`,
  parameter: (architecture) => `/aws/service/suse/sles/${parameter}/${architecture}/latest`,
});

export const publicFamilies = {
  al2023: {
    owner: AMAZON_LINUX,
    architectures: ["x86_64", "arm64"],
    rootDeviceName: "/dev/xvda",
    volumeSizeGiB: 8,
    volumeType: "gp3",
    description: (version, architecture) => `Amazon Linux 2023 AMI ${version} ${architecture} HVM kernel-6.1`,
    versionOn: (date) => `2023.11.${plain(date)}.0`,
    imageName: (version, architecture) => `al2023-ami-${version}-kernel-6.1-${architecture}`,
    managedName: managedAs("amazon-linux-2023"),
    parameter: (architecture) => `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
  },
  "ubuntu-22.04": ubuntu("22.04", "jammy", { name: "hvm-ssd", type: "gp2" }),
  "ubuntu-24.04": ubuntu("24.04", "noble", { name: "hvm-ssd-gp3", type: "gp3" }),
  "windows-2022": windows(2022, "Full"),
  "debian-12": debian("12"),
  "debian-13": debian("13"),
  "ubuntu-26.04": ubuntu("26.04", "resolute", { name: "hvm-ssd-gp3", type: "gp3" }),
  "ubuntu-pro-24.04": ubuntuPro("24.04", "noble"),
  "windows-2019": windows(2019, "Full"),
  "windows-2025": windows(2025, "Full"),
  "windows-2022-core": windows(2022, "Core"),
  "windows-2025-core": windows(2025, "Core"),
  "al2023-minimal": {
    owner: AMAZON_LINUX,
    architectures: ["x86_64", "arm64"],
    rootDeviceName: "/dev/xvda",
    volumeSizeGiB: 2,
    volumeType: "gp3",
    description: (version, architecture) => `Amazon Linux 2023 AMI ${version} ${architecture} Minimal HVM kernel-6.1`,
    versionOn: (date) => `2023.11.${plain(date)}.0`,
    imageName: (version, architecture) => `al2023-ami-minimal-${version}-kernel-6.1-${architecture}`,
    parameter: (architecture) =>
      `/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-${architecture}`,
  },
  "al2023-ecs": {
    owner: "591542846629",
    architectures: ["x86_64", "arm64"],
    rootDeviceName: "/dev/xvda",
    volumeSizeGiB: 30,
    volumeType: "gp3",
    description: (version, architecture) => `Amazon Linux AMI ${version} ${architecture} ECS HVM EBS`,
    versionOn: (date) => `2023.0.${plain(date)}`,
    imageName: (version, architecture) => `al2023-ami-ecs-hvm-${version}-kernel-6.1-${architecture}`,
    parameter: (architecture) =>
      `/aws/service/ecs/optimized-ami/amazon-linux-2023/${architecture === "arm64" ? "arm64/" : ""}recommended/image_id`,
  },
  "sles-15-sp7": sles("15 SP7", "15-sp7"),
  "sles-16.0": sles("16.0", "16.0"),
  "rhel-8": rhel("8.10.0"),
  "rhel-9": rhel("9.7.0"),
  "rhel-10": rhel("10.1.0"),
  "rocky-9": rocky("9.7"),
  "rocky-10": rocky("10.1"),
  "alma-9": alma("9.7"),
  "alma-10": alma("10.1"),
} as const satisfies Record<string, PublicFamily>;

export type PublicFamilyName = keyof typeof publicFamilies;

export const families = Object.entries(publicFamilies) as [PublicFamilyName, PublicFamily][];

/** An image's family; undefined if it has none. */
export function familyOf({ owner, name, createdAt }: PublishedImage) {
  const day = new Date(createdAt).toISOString().slice(0, 10);
  for (const [family, { owner: its, architectures, imageName, versionOn }] of families) {
    const architecture = architectures.find((one) => imageName(versionOn(day), one) === name);
    if (owner === its && architecture) return { family, architecture, day };
  }
  return undefined;
}

interface PublishedImage {
  readonly owner: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}
