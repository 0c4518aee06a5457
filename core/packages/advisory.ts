import type { AdvisorySeverity } from "../../events/advisory.ts";

/** A package in the version that an advisory calls fixed. */
export interface FixedPackage {
  readonly name: string;
  /** As the vendor spells it: `x86_64`, `noarch`, `amd64`, `all`. */
  readonly architecture: string;
  /** In full: `[epoch:]version-release` of RPM, or a Debian version. */
  readonly version: string;
  /** The module stream of the RHEL family that it belongs to, `nodejs:20`. */
  readonly module?: string;
}

/** A vendor's advisory, as far as it names packages that somebody asked about. */
export interface Advisory {
  readonly id: string;
  readonly severity: AdvisorySeverity;
  readonly cves: readonly string[];
  /** Empty where the vendor names no fixed version: such an advisory can trigger nothing. */
  readonly fixes: readonly FixedPackage[];
}
