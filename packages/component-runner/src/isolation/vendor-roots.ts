import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Architecture = "x86_64" | "arm64";

/** mmdebstrap's arguments for a system. */
export interface VendorRoot {
  /** A package with the archive's signing keys; default: the keys that the machine's apt trusts. */
  readonly keyring?: { readonly address: string; readonly sha256: string; readonly file: string };
  /** @returns the suite, then the lines of its sources */
  sources(architecture: Architecture): readonly string[];
  /** @param bootable with a kernel and a boot loader, for a virtual machine or a disk */
  arguments(architecture: Architecture, bootable: boolean): readonly string[];
}

/**
 * The packages of a vendor's AMI that documents use most: an init system, D-Bus, network tools, SSH, sudo, curl and
 * certificates. An AMI also has cloud-init, a kernel and a boot loader.
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
 * Replaces cloud-init, which creates SSH host keys at an instance's first boot: Image Builder's clean-up removes them. Also
 * makes the host name resolvable. $1: the root.
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

/**
 * Every network interface uses DHCP, and the boot loader shows no menu and writes to a serial console, as vendors' images
 * for clouds do. In a container the network exists already. $1: the root.
 */
const BOOTABLE = `
cat > "$1/etc/systemd/network/80-dhcp.network" << 'NETWORK'
[Match]
Type=ether
[Network]
DHCP=yes
NETWORK
for unit in systemd-networkd systemd-networkd-wait-online systemd-resolved; do
  mkdir -p "$1/etc/systemd/system/$unit.service.d"
  printf '[Unit]\\nConditionVirtualization=!container\\n' > "$1/etc/systemd/system/$unit.service.d/machine.conf"
done
chroot "$1" systemctl enable --quiet systemd-networkd.service systemd-resolved.service
rm -f "$1/etc/resolv.conf" "$1/etc/.resolv.conf.systemd-resolved.bak"
echo "nameserver 127.0.0.53" > "$1/etc/resolv.conf"
mkdir -p "$1/etc/default/grub.d"
cat > "$1/etc/default/grub.d/50-serial.cfg" << 'GRUB'
GRUB_TIMEOUT=0
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200"
GRUB
`;

const dpkgArchitecture = (architecture: Architecture) => (architecture === "arm64" ? "arm64" : "amd64");

interface Kernel {
  /** Takes dpkg's name of the architecture. */
  package(architecture: string): string;
  /** Packages that do not exist in this release, such as separate parts of systemd. */
  readonly without?: readonly string[];
}

const bootPackages = (architecture: Architecture, kernel: Kernel): readonly string[] => {
  const spelled = dpkgArchitecture(architecture);
  const packages = [kernel.package(spelled), "initramfs-tools", "systemd-resolved"];
  return [...packages, `grub-efi-${spelled}-signed`, "shim-signed"].filter((name) => !kernel.without?.includes(name));
};

const argumentsOf = (kernel: Kernel) => (architecture: Architecture, bootable: boolean) => [
  "--variant=minbase",
  "--mode=root",
  "--format=tar",
  "--quiet",
  `--architectures=${dpkgArchitecture(architecture)}`,
  '--aptopt=Acquire::Languages "none"',
  `--include=${[...PACKAGES, ...(bootable ? bootPackages(architecture, kernel) : [])].join(",")}`,
  `--customize-hook=${FIRST_BOOT}`,
  ...(bootable ? [`--customize-hook=${BOOTABLE}`] : []),
];

/** This machine's own package source, if it is the vendor's. */
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
  arguments: argumentsOf({ package: (architecture) => `linux-image-cloud-${architecture}` }),
});

/** From the release 24.04, whose packages never change; Debian 12 has no package with Ubuntu's keys. */
const UBUNTU_KEYRING = {
  address: "http://archive.ubuntu.com/ubuntu/pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb",
  sha256: "36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8",
  file: "usr/share/keyrings/ubuntu-archive-keyring.gpg",
};

const ubuntu = (suite: string, without: readonly string[] = []): VendorRoot => ({
  keyring: UBUNTU_KEYRING,
  sources(architecture) {
    const vendor =
      machineMirror(/\/ubuntu(-ports)?\/?$/) ??
      (architecture === "arm64" ? "http://ports.ubuntu.com/ubuntu-ports" : "http://archive.ubuntu.com/ubuntu");
    return [suite, ...["", "-updates", "-security"].map((pocket) => `deb ${vendor} ${suite}${pocket} main universe`)];
  },
  arguments: argumentsOf({ package: () => "linux-image-virtual", without }),
});

/** By the config's `os`. */
export const vendorRoots: Readonly<Record<string, VendorRoot | undefined>> = {
  "debian-12": debian("bookworm"),
  "debian-13": debian("trixie"),
  "ubuntu-2204": ubuntu("jammy", ["systemd-resolved"]),
  "ubuntu-2404": ubuntu("noble"),
};
