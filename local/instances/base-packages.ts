import { type ImageOs, imageSystemOf } from "../../core/component/image-system.ts";
import { type Architecture, packageArchitecture } from "../../core/component/operating-system.ts";
import type { PublishedPackage } from "../package-feeds/publication.ts";

/** Name, version and source package; the versions are examples. */
type Row = readonly [name: string, version: string, source?: string];

const ubuntu = (release: { readonly kernel: string; readonly ssl: string; readonly libc: string }): readonly Row[] => [
  ["linux-image-aws", release.kernel, "linux-meta-aws"],
  ["libssl3t64", release.ssl, "openssl"],
  ["libc6", release.libc, "glibc"],
  ["openssh-server", "1:9.6p1-3ubuntu13.15", "openssh"],
  ["systemd", "255.4-1ubuntu8.12"],
];

const amazonLinux = (suffix: string): readonly Row[] => [
  ["kernel", `6.1.112-124.190.${suffix}`],
  ["openssl-libs", `1:3.2.2-1.${suffix}`, "openssl"],
  ["glibc", `2.34-231.${suffix}`],
  ["openssh-server", `9.9p1-2.${suffix}`, "openssh"],
  ["systemd", `252.23-11.${suffix}`],
];

const debian = (release: { readonly kernel: string; readonly ssl: string; readonly libc: string }): readonly Row[] => [
  ["linux-image-cloud", release.kernel, "linux"],
  ["libssl3", release.ssl, "openssl"],
  ["libc6", release.libc, "glibc"],
  ["openssh-server", "1:9.2p1-2+deb12u7", "openssh"],
  ["systemd", "252.39-1~deb12u1"],
];

const enterpriseLinux = (release: number): readonly Row[] => [
  ["kernel", `5.14.0-611.5.1.el${release}`],
  ["openssl-libs", `1:3.5.1-3.el${release}`, "openssl"],
  ["glibc", `2.34-231.el${release}`],
  ["openssh-server", `9.9p1-2.el${release}`, "openssh"],
  ["systemd", `252-55.el${release}`],
];

const sles15: readonly Row[] = [
  ["kernel-default", "6.4.0-150700.53.22.1"],
  ["libopenssl3", "3.2.3-150700.5.21.1", "openssl-3"],
  ["glibc", "2.38-150600.14.37.1"],
  ["openssh-server", "9.6p1-150600.6.34.1", "openssh"],
  ["systemd", "254.27-150600.4.43.3"],
  // Its version is the service pack.
  ["sles-release", "15.7-150700.67.3"],
];

const sles16: readonly Row[] = [
  ["kernel-default", "6.12.0-160000.5.1"],
  ["libopenssl3", "3.5.0-160000.3.2", "openssl-3"],
  ["glibc", "2.40-160000.2.2"],
  ["openssh-server", "10.0p2-160000.2.2", "openssh"],
  ["systemd", "257.7-160000.2.2"],
  // Its version is the minor version. inferred: its name.
  ["SLES-release", "16.0-160000.5.1"],
];

/** In the form of `amint:windows-manifest`: the build, two features, .NET Framework and one of its updates. */
const windows = (release: number, build: number, revision: number): readonly Row[] => [
  [`windows-server-${release}`, `10.0.${build}.${revision}`],
  ["FileAndStorage-Services", `10.0.${build}`],
  ["Windows-Defender", `10.0.${build}`],
  ["dotnet-framework", release === 2019 ? "4.7.2" : release === 2022 ? "4.8" : "4.8.1"],
  ["KB5066139", `10.0.${build}`],
];

const windows2022 = windows(2022, 20_348, 4_171);
const windows2025 = windows(2025, 26_100, 6_584);

const rows: Readonly<Record<ImageOs, readonly Row[]>> = {
  al2: amazonLinux("amzn2"),
  al2023: amazonLinux("amzn2023"),
  "al2023-minimal": amazonLinux("amzn2023"),
  "al2023-ecs": amazonLinux("amzn2023"),
  "al2023-eks": amazonLinux("amzn2023"),
  "ubuntu-2204": ubuntu({ kernel: "5.15.0-1077.84", ssl: "3.0.2-0ubuntu1.19", libc: "2.35-0ubuntu3.10" }),
  "ubuntu-2404": ubuntu({ kernel: "6.14.0-1027.27", ssl: "3.0.13-0ubuntu3.7", libc: "2.39-0ubuntu8.7" }),
  "ubuntu-2604": ubuntu({ kernel: "7.0.0-1009.9", ssl: "3.5.5-1ubuntu3", libc: "2.43-2ubuntu2" }),
  "debian-12": debian({ kernel: "6.1.153-1", ssl: "3.0.17-1~deb12u3", libc: "2.36-9+deb12u13" }),
  "debian-13": debian({ kernel: "6.12.48-1", ssl: "3.5.4-1~deb13u1", libc: "2.41-12" }),
  "rhel-8": enterpriseLinux(8),
  "rhel-9": enterpriseLinux(9),
  "rhel-10": enterpriseLinux(10),
  "rocky-9": enterpriseLinux(9),
  "rocky-10": enterpriseLinux(10),
  "alma-9": enterpriseLinux(9),
  "alma-10": enterpriseLinux(10),
  "sles-15": sles15,
  "sles-16": sles16,
  "windows-2019": windows(2019, 17_763, 7_314),
  "windows-2022": windows2022,
  "windows-2022-core": windows2022,
  "windows-2025": windows2025,
  "windows-2025-core": windows2025,
};

/** The packages that every simulated image of an operating system has: a kernel, OpenSSL, glibc, OpenSSH and systemd; for Windows its build. */
export function basePackages(os: ImageOs, architecture: Architecture): PublishedPackage[] {
  const { packages } = imageSystemOf(os);
  const spelled = packages === "windows" ? architecture : packageArchitecture(packages, architecture);
  return rows[os].map(([name, version, source]) => ({
    name,
    version,
    architecture: spelled,
    ...(source && { source }),
  }));
}
