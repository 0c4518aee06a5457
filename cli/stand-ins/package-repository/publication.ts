import type { Advisory } from "../../../core/advisories/feed.ts";
import type { OperatingSystem } from "../../../core/component/operating-system.ts";

/** Those whose repositories the stand-in has. */
export const publishedSystems = [
  "al2",
  "al2023",
  "ubuntu-2204",
  "ubuntu-2404",
  "debian-12",
  "debian-13",
] as const satisfies readonly OperatingSystem[];

export type PublishedSystem = (typeof publishedSystems)[number];

/** A package in a new version. */
export interface PublishedPackage {
  readonly name: string;
  /** As the vendor spells it: `x86_64`, `noarch`, `amd64`, `all`. */
  readonly architecture: string;
  /** In full: `[epoch:]version-release`. */
  readonly version: string;
  /** The source package, in parentheses its version where it has another one; its own name if left out. */
  readonly source?: string;
}

/** What a vendor publishes at once. */
export interface Publication {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly os: PublishedSystem;
  /**
   * What Amazon Linux says with it, in its updateinfo, Canonical in OSV's records, and Debian in its list of notices, where the
   * id is one of them (`DSA-6000-1`). Ubuntu's and Debian's archives have the packages alone, and new packages without an advisory are told by no updateinfo.
   */
  readonly advisory?: Pick<Advisory, "id" | "severity" | "cves">;
  readonly packages: readonly PublishedPackage[];
}

/** Answers a path with a file's bytes; undefined where there is none. */
export type Files = (path: string) => Buffer | undefined;
