import type { Advisory } from "../../core/advisories/feed.ts";
import type { OperatingSystem } from "../../core/component/operating-system.ts";

/** A new version of a package. */
export interface PublishedPackage {
  readonly name: string;
  /** As the vendor spells it: `x86_64`, `noarch`, `amd64`, `all`. */
  readonly architecture: string;
  /** In full: `[epoch:]version-release`. */
  readonly version: string;
  /** The source package, followed by its version in parentheses if that differs; default: the package's name. */
  readonly source?: string;
  /** RPM's label of its module. */
  readonly module?: string;
}

/** Packages that a vendor publishes together. */
export interface Publication {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly os: OperatingSystem;
  /**
   * The advisory: Amazon Linux has it in its updateinfo, Red Hat and SUSE in a CSAF document, Microsoft in its document of
   * the month, Canonical in OSV's records, and Debian in its list of notices if the id has their form (`DSA-6000-1`). Ubuntu's
   * and Debian's archives list only packages; updateinfo omits new packages without an advisory.
   */
  readonly advisory?: Pick<Advisory, "id" | "severity" | "cves">;
  /** CISA lists the advisory's CVEs as exploited at the same time. */
  readonly exploited?: true;
  readonly packages: readonly PublishedPackage[];
  /** Published only in Ubuntu's archive for subscribers. */
  readonly pro?: "apps" | "infra";
  /** Microsoft only: the name of a product other than the system. Its update has no system build. */
  readonly productName?: string;
  /** Microsoft only: the updates that it replaces. */
  readonly replaces?: readonly string[];
}

/** The bytes of the file at a path, or undefined. */
export type Files = (path: string) => Buffer | undefined;
