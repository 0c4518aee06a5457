import type { Advisory } from "../../../core/advisories/feed.ts";
import type { OperatingSystem } from "../../../core/component/operating-system.ts";

/** A package in a new version. */
export interface PublishedPackage {
  readonly name: string;
  /** As the vendor spells it: `x86_64`, `noarch`, `amd64`, `all`. */
  readonly architecture: string;
  /** In full: `[epoch:]version-release`. */
  readonly version: string;
  /** The source package, in parentheses its version where it has another one; its own name if left out. */
  readonly source?: string;
  /** RPM's label of the module that it is of. */
  readonly module?: string;
}

/** What a vendor publishes at once. */
export interface Publication {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly os: OperatingSystem;
  /**
   * What the vendor says with it: Amazon Linux in its updateinfo, Red Hat and SUSE in a CSAF document, Microsoft in its document of
   * the month, Canonical in OSV's records, and Debian in its list of notices, where the id is one of them (`DSA-6000-1`). Ubuntu's
   * and Debian's archives have the packages alone; updateinfo does not list new packages without an advisory.
   */
  readonly advisory?: Pick<Advisory, "id" | "severity" | "cves">;
  readonly packages: readonly PublishedPackage[];
  /** Only Ubuntu's archive for subscribers has it. */
  readonly pro?: "apps" | "infra";
  /** Of Microsoft: another product than the system itself, by its name. Its update has no build of the system. */
  readonly productName?: string;
  /** Of Microsoft: the updates that it replaces. */
  readonly replaces?: readonly string[];
}

/** Answers a path with a file's bytes; undefined where there is none. */
export type Files = (path: string) => Buffer | undefined;
