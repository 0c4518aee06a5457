import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Architecture = "x86_64" | "arm64";

/** What mmdebstrap is given for a system. */
export interface VendorRoot {
  /** A package with the keys that its packages are signed with; left out: those that the machine's apt trusts. */
  readonly keyring?: { readonly address: string; readonly sha256: string; readonly file: string };
  /** @returns the suite, then the lines of its sources */
  sources(architecture: Architecture): readonly string[];
  arguments(architecture: Architecture): readonly string[];
}

/**
 * Of what a vendor's AMI has, the part that documents use most: an init system, D-Bus, network tools, SSH, sudo, curl and
 * certificates. An AMI has more: a kernel, cloud-init, a boot loader.
 */
const PACKAGES = [
  "apt",
  "ca-certificates",
  "cron",
  "curl",
  "dbus",
  "gnupg",
  "iproute2",
  "kmod",
  "less",
  "libpam-systemd",
  "logrotate",
  "openssh-server",
  "procps",
  "python3-minimal",
  "rsyslog",
  "sudo",
  "systemd-sysv",
];

/**
 * Stands in for cloud-init, which makes SSH's host keys when an instance boots first: Image Builder's clean-up removes them. And
 * the host's name resolves. $1: the root.
 */
const FIRST_BOOT = `
cat > "$1/etc/systemd/system/first-boot.service" << 'UNIT'
[Unit]
Description=Stands in for cloud-init: host keys of SSH
Before=ssh.service
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key
[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A
[Install]
WantedBy=multi-user.target
UNIT
chroot "$1" systemctl enable --quiet first-boot.service
rm -f "$1/etc/hostname"
echo "127.0.1.1 ip-10-0-2-100" >> "$1/etc/hosts"
`;

const dpkgArchitecture = (architecture: Architecture) => (architecture === "arm64" ? "arm64" : "amd64");

const commonArguments = (architecture: Architecture) => [
  "--variant=minbase",
  "--mode=root",
  "--format=tar",
  "--quiet",
  `--architectures=${dpkgArchitecture(architecture)}`,
  '--aptopt=Acquire::Languages "none"',
  `--include=${PACKAGES.join(",")}`,
  `--customize-hook=${FIRST_BOOT}`,
];

/** The sources of packages that this machine itself uses, if it is of that vendor. */
function machineMirror(pattern: RegExp): string | undefined {
  const parts = "/etc/apt/sources.list.d";
  const files = [
    "/etc/apt/sources.list",
    ...(existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : []),
  ];
  const text = files.flatMap((file) => (existsSync(file) ? [readFileSync(file, "utf8")] : [])).join("\n");
  return text.match(/https?:\/\/[^\s\]]+/g)?.find((address) => pattern.test(address));
}

const debian = (suite: string): VendorRoot => ({
  sources() {
    const archive = machineMirror(/\/debian\/?$/) ?? "http://deb.debian.org/debian";
    const security = machineMirror(/\/debian-security\/?$/) ?? "http://security.debian.org/debian-security";
    return [
      suite,
      `deb ${archive} ${suite} main`,
      `deb ${archive} ${suite}-updates main`,
      `deb ${security} ${suite}-security main`,
    ];
  },
  arguments: commonArguments,
});

/** Of the release 24.04, whose packages never change; Debian 12 has no package of Ubuntu's keys. */
const UBUNTU_KEYRING = {
  address: "http://archive.ubuntu.com/ubuntu/pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb",
  sha256: "36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8",
  file: "usr/share/keyrings/ubuntu-archive-keyring.gpg",
};

const ubuntu = (suite: string): VendorRoot => ({
  keyring: UBUNTU_KEYRING,
  sources(architecture) {
    const vendor =
      machineMirror(/\/ubuntu(-ports)?\/?$/) ??
      (architecture === "arm64" ? "http://ports.ubuntu.com/ubuntu-ports" : "http://archive.ubuntu.com/ubuntu");
    return [suite, ...["", "-updates", "-security"].map((pocket) => `deb ${vendor} ${suite}${pocket} main universe`)];
  },
  arguments: commonArguments,
});

/** By the names of the config's `os`. */
export const vendorRoots: Readonly<Record<string, VendorRoot | undefined>> = {
  "debian-12": debian("bookworm"),
  "debian-13": debian("trixie"),
  "ubuntu-2204": ubuntu("jammy"),
  "ubuntu-2404": ubuntu("noble"),
};
