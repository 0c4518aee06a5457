import type { ArchitectureValues } from "@aws-sdk/client-ec2";

type Architecture = Extract<ArchitectureValues, "x86_64" | "arm64">;

/** A line of public images, as its owner publishes them: every name and parameter is the real one's. */
export interface PublicFamily {
  readonly owner: string;
  readonly architectures: readonly Architecture[];
  readonly platform?: "windows";
  readonly rootDeviceName: string;
  readonly volumeSizeGiB: number;
  readonly volumeType: "gp2" | "gp3";
  readonly description: (version: string, architecture: Architecture) => string;
  /** How versions look that fall on a date (`YYYY-MM-DD`). */
  readonly versionOn: (date: string) => string;
  readonly imageName: (version: string, architecture: Architecture) => string;
  readonly parameter: (architecture: Architecture) => string;
}

const AMAZON_LINUX = "137112412989";
const WINDOWS = "801119661308";
const CANONICAL = "099720109477";
const DEBIAN = "136693071363";

/** Amazon's images, and those of verified providers, carry the alias `amazon`. */
export const ownerAlias = (account: string): string | undefined =>
  [AMAZON_LINUX, WINDOWS, CANONICAL, DEBIAN].includes(account) ? "amazon" : undefined;

const plain = (date: string): string => date.replaceAll("-", "");
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
  parameter: (architecture) =>
    `/aws/service/canonical/ubuntu/server/${release}/stable/current/${dpkgName(architecture)}/hvm/ebs-${storage.type}/ami-id`,
});

const DAY_MS = 86_400_000;

/** Names end with a number that counts days: 20240507-1740, 20250316-2053. */
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
    parameter: (architecture) => `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
  },
  "ubuntu-22.04": ubuntu("22.04", "jammy", { name: "hvm-ssd", type: "gp2" }),
  "ubuntu-24.04": ubuntu("24.04", "noble", { name: "hvm-ssd-gp3", type: "gp3" }),
  "windows-2022": {
    owner: WINDOWS,
    architectures: ["x86_64"],
    platform: "windows",
    rootDeviceName: "/dev/sda1",
    volumeSizeGiB: 30,
    volumeType: "gp2",
    description: () => "Microsoft Windows Server 2022 Full Locale English AMI provided by Amazon",
    versionOn: (date) => date.replaceAll("-", "."),
    imageName: (version) => `Windows_Server-2022-English-Full-Base-${version}`,
    parameter: () => "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
  },
  "debian-12": debian("12"),
  "debian-13": debian("13"),
} as const satisfies Record<string, PublicFamily>;

export type PublicFamilyName = keyof typeof publicFamilies;
