import { type Architecture, type ImageOs, packageArchitecture, rowOf } from "../../core/component/operating-system.ts";
import type { PublishedPackage } from "../stand-ins/package-repository/publication.ts";

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

const rows: Readonly<Record<ImageOs, readonly Row[]>> = {
  al2: amazonLinux("amzn2"),
  al2023: amazonLinux("amzn2023"),
  "ubuntu-2204": ubuntu({ kernel: "5.15.0-1077.84", ssl: "3.0.2-0ubuntu1.19", libc: "2.35-0ubuntu3.10" }),
  "ubuntu-2404": ubuntu({ kernel: "6.14.0-1027.27", ssl: "3.0.13-0ubuntu3.7", libc: "2.39-0ubuntu8.7" }),
  "debian-12": debian({ kernel: "6.1.153-1", ssl: "3.0.17-1~deb12u3", libc: "2.36-9+deb12u13" }),
  "debian-13": debian({ kernel: "6.12.48-1", ssl: "3.5.4-1~deb13u1", libc: "2.41-12" }),
};

/** The packages that every simulated image of an operating system has: a kernel, OpenSSL, glibc, OpenSSH and systemd. */
export function basePackages(os: ImageOs, architecture: Architecture): PublishedPackage[] {
  const spelled = packageArchitecture(rowOf(os).manager, architecture);
  return rows[os].map(([name, version, source]) => ({
    name,
    version,
    architecture: spelled,
    ...(source && { source }),
  }));
}
