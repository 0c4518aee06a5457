import type { ImageOs } from "./image-system.ts";

/** Until when a vendor supports a release. Days are `YYYY-MM-DD`, the last with security updates. */
interface SupportEnd {
  /** The end of standard support: security updates for which the system needs no additional subscription. */
  readonly until: string;
  /** Security updates after it; absent: the vendor offers none, or names no end. */
  readonly further?: {
    readonly name: string;
    readonly until: string;
    /** Needs a subscription or a contract. */
    readonly paid: boolean;
  };
}

/** Until when the system of an image is supported. */
export interface Support extends SupportEnd {
  /** The release: `debian-12`, `sles-15-sp5`. */
  readonly system: string;
  /** The subscription whose end `until` is; absent: that of standard support. */
  readonly by?: string;
}

/** The support of an operating system, and where its vendor says so. */
interface SupportRow extends SupportEnd {
  /** The vendor's page. */
  readonly source: string;
  /** Where its dates were read, if the page itself could not be read. */
  readonly readAt?: string;
  /** The name of the newer system that replaces it; absent: none is newer. */
  readonly newer?: ImageOs;
  /** Releases that have their own ends, by service pack or minor version, in the AMI's name; the row's is the default parent's. */
  readonly releases?: Readonly<Record<string, SupportEnd>>;
  /**
   * Amazon Inspector reports a CRITICAL finding for every instance from the end of standard support on (Inspector user guide,
   * "Discontinued operating systems"). For other vendors it does so at the end of their further support, or has not done so yet.
   */
  readonly discontinued?: true;
}

const THIRD_PARTY = "endoflife.date, 2026-08-22";
const DISTRO_INFO = "distro-info-data 0.58+deb12u7";

/** AWS calls the two years after 2027-06-30 maintenance: no new features, the same updates. */
const al2023: SupportRow = {
  until: "2029-06-30",
  source: "https://aws.amazon.com/linux/amazon-linux-2023/faqs/",
  readAt: THIRD_PARTY,
};

const ubuntu = (until: string, pro: string, newer?: ImageOs): SupportRow => ({
  until,
  further: { name: "Ubuntu Pro", until: pro, paid: true },
  source: "https://ubuntu.com/about/release-cycle",
  readAt: DISTRO_INFO,
  ...(newer && { newer }),
});

const debian = (until: string, lts: string, newer?: ImageOs): SupportRow => ({
  until,
  further: { name: "Debian LTS", until: lts, paid: false },
  source: "https://www.debian.org/releases/",
  readAt: DISTRO_INFO,
  ...(newer && { newer }),
});

/** Full support and maintenance; the add-on is "Extended Life Cycle Support". */
const rhel = (until: string, els: string, newer?: ImageOs): SupportRow => ({
  until,
  further: { name: "Red Hat's ELS", until: els, paid: true },
  source: "https://access.redhat.com/support/policy/updates/errata",
  readAt: THIRD_PARTY,
  ...(newer && { newer }),
});

const rocky = { source: "https://wiki.rockylinux.org/rocky/version/" } as const;
const alma = { source: "https://wiki.almalinux.org/release-notes/" } as const;

/** "Long Term Service Pack Support" lasts three years more. */
const suse = (until: string): SupportEnd => ({
  until,
  further: {
    name: "SUSE's LTSS",
    until: `${Number(until.slice(0, 4)) + 3}${until.slice(4)}`,
    paid: true,
  },
});

/** Mainstream and extended support, both with security updates. Extended Security Updates are not announced for them. */
const windows = (release: number, until: string, newer?: ImageOs): SupportRow => ({
  until,
  source: `https://learn.microsoft.com/en-us/lifecycle/products/windows-server-${release}`,
  ...(release !== 2022 && { readAt: THIRD_PARTY }),
  ...(newer && { newer }),
});

export const supportRows: Readonly<Record<ImageOs, SupportRow>> = {
  al2023,
  "al2023-minimal": al2023,
  "al2023-ecs": al2023,
  "al2023-eks": al2023,
  al2: {
    until: "2026-06-30",
    source: "https://aws.amazon.com/amazon-linux-2/faqs/",
    readAt: "Inspector user guide",
    newer: "al2023",
    discontinued: true,
  },
  "ubuntu-2204": ubuntu("2027-06-01", "2032-04-21", "ubuntu-2604"),
  "ubuntu-2404": ubuntu("2029-05-31", "2034-04-25", "ubuntu-2604"),
  "ubuntu-2604": ubuntu("2031-05-29", "2036-04-23"),
  "debian-12": debian("2026-07-11", "2028-06-30", "debian-13"),
  "debian-13": debian("2028-08-09", "2030-06-30"),
  "rhel-8": rhel("2029-05-31", "2033-05-31", "rhel-10"),
  "rhel-9": rhel("2032-05-31", "2036-05-31", "rhel-10"),
  "rhel-10": rhel("2035-05-31", "2039-05-31"),
  "rocky-9": { ...rocky, until: "2032-05-31", newer: "rocky-10" },
  "rocky-10": { ...rocky, until: "2035-05-31", readAt: THIRD_PARTY },
  "alma-9": { ...alma, until: "2032-05-31", newer: "alma-10" },
  "alma-10": { ...alma, until: "2035-05-31", readAt: THIRD_PARTY },
  "sles-15": {
    ...suse("2031-07-31"),
    source: "https://www.suse.com/lifecycle/",
    readAt: THIRD_PARTY,
    newer: "sles-16",
    discontinued: true,
    // In Inspector's guide, too.
    releases: {
      "15": suse("2019-12-31"),
      "15-sp1": suse("2021-01-31"),
      "15-sp2": suse("2021-12-31"),
      "15-sp3": suse("2022-12-31"),
      "15-sp4": suse("2023-12-31"),
      "15-sp5": suse("2024-12-31"),
      "15-sp6": suse("2025-12-31"),
      "15-sp7": suse("2031-07-31"),
    },
  },
  // The dates of 16.0: each minor version has its own, and SUSE publishes 16.1's with its release.
  "sles-16": {
    ...suse("2027-11-30"),
    source: "https://www.suse.com/lifecycle/",
    readAt: THIRD_PARTY,
    releases: { "16.0": suse("2027-11-30"), "16-0": suse("2027-11-30") },
  },
  "windows-2019": windows(2019, "2029-01-09", "windows-2025"),
  "windows-2022": windows(2022, "2031-10-14", "windows-2025"),
  "windows-2022-core": windows(2022, "2031-10-14", "windows-2025-core"),
  "windows-2025": windows(2025, "2034-11-14"),
  "windows-2025-core": windows(2025, "2034-11-14"),
};

/** `15-sp7` in `/aws/service/suse/sles/15-sp7/x86_64/latest` and `suse-sles-15-sp7-v*`, `16.0` and `16-0` likewise. */
const RELEASE = /^(?:\/aws\/service\/suse\/sles[^/]*\/|suse-sles-)(\d+(?:-sp\d+|[.-]\d+)?)(?=\/|-(?!sp))/;

/**
 * The support of an image's operating system; undefined for a release whose ends are not known.
 * @param parent the name of the AMI's parameter or of its owner's AMIs, which says the service pack; empty: the default parent's
 */
export function supportOf(os: ImageOs, parent = ""): Support | undefined {
  const { releases, ...row } = supportRows[os];
  const release = releases && RELEASE.exec(parent)?.[1];
  const { until, further } = (release === undefined ? row : releases?.[release]) ?? {};
  const system = release === undefined ? os : `${os.split("-")[0]}-${release}`;
  return until === undefined ? undefined : { system, until, ...(further && { further }) };
}
