import type { Publication } from "../local/package-feeds/publication.ts";

/** Packages that a vendor publishes together. */
interface MonthPublication extends Publication {
  /** In one of Ubuntu's pockets that are not for security: no feed that the factory reads has it. */
  readonly onlyUpdates?: true;
}

const rpm = (name: string, version: string, source = name) => ({
  name,
  version: `${version}.amzn2023`,
  architecture: "x86_64",
  source,
});
const deb = (name: string, version: string, source = name) => ({ name, version, architecture: "amd64", source });

const long = Date.UTC(2026, 2, 1);

/** When Amazon publishes an advisory above the threshold of al2023-base. */
export const urgentAdvisory = Date.UTC(2026, 3, 7, 12);

/** 2026-04-14, when the vendors publish the month's batch. */
export const patchTuesday = Date.UTC(2026, 3, 14, 17);

/** When Ubuntu's security pocket has the fix for the finding that the gate rejects. */
export const ubuntuFixed = Date.UTC(2026, 3, 17, 6);

/** What the vendors publish up to the end of April 2026, in chronological order. Ids, CVEs and versions are examples. */
export const publications: readonly MonthPublication[] = [
  {
    at: long,
    os: "al2023",
    packages: [
      rpm("kernel6.12", "6.12.74-98.123"),
      rpm("openssl-libs", "1:3.2.2-1", "openssl"),
      rpm("openssh-server", "9.9p1-2", "openssh"),
      rpm("glibc", "2.34-231"),
      rpm("systemd", "252.23-11"),
      rpm("amazon-ssm-agent", "3.3.3883.0-1"),
      rpm("nginx", "1:1.28.2-1"),
    ],
  },
  {
    at: long,
    os: "ubuntu-2404",
    onlyUpdates: true,
    packages: [
      deb("linux-image-aws", "6.14.0-1027.27", "linux-meta-aws"),
      deb("libssl3t64", "3.0.13-0ubuntu3.7", "openssl"),
      deb("openssh-server", "1:9.6p1-3ubuntu13.15", "openssh"),
      deb("libc6", "2.39-0ubuntu8.7", "glibc"),
      deb("systemd", "255.4-1ubuntu8.12"),
    ],
  },
  // Rebuilt out of band, and urgent.
  {
    at: urgentAdvisory,
    os: "al2023",
    exploited: true,
    advisory: { id: "ALAS2023-2026-9901", severity: "important", cves: ["CVE-2026-99811"] },
    packages: [rpm("openssl-libs", "1:3.2.2-2", "openssl")],
  },
  // The month's batch, none of it urgent: patch night installs it.
  {
    at: patchTuesday,
    os: "al2023",
    advisory: { id: "ALAS2023-2026-9912", severity: "medium", cves: ["CVE-2026-99821", "CVE-2026-99822"] },
    packages: [rpm("kernel6.12", "6.12.79-101.147")],
  },
  {
    at: patchTuesday,
    os: "al2023",
    advisory: { id: "ALAS2023-2026-9913", severity: "low", cves: ["CVE-2026-99823"] },
    packages: [rpm("openssh-server", "9.9p2-2", "openssh")],
  },
  { at: patchTuesday, os: "al2023", packages: [rpm("amazon-ssm-agent", "3.3.4121.0-1"), rpm("nginx", "1:1.28.3-1")] },
  {
    at: patchTuesday,
    os: "ubuntu-2404",
    onlyUpdates: true,
    packages: [
      deb("linux-image-aws", "6.14.0-1031.31", "linux-meta-aws"),
      deb("libssl3t64", "3.0.13-0ubuntu3.9", "openssl"),
    ],
  },
  {
    at: ubuntuFixed,
    os: "ubuntu-2404",
    advisory: { id: "USN-9901-1", severity: "critical", cves: ["CVE-2026-99901"] },
    packages: [deb("libssl3t64", "3.0.13-0ubuntu3.10", "openssl")],
  },
  // Below the threshold, and after the last build: ignored, and left to the next patch night.
  {
    at: Date.UTC(2026, 3, 27, 10),
    os: "al2023",
    advisory: { id: "ALAS2023-2026-9927", severity: "medium", cves: ["CVE-2026-99831"] },
    packages: [rpm("glibc", "2.34-232")],
  },
];
