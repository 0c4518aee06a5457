import { compareDebianVersions } from "./debian-version.ts";
import type { Order } from "./order.ts";
import { compareEvr, parseEvr } from "./rpm-version.ts";

/** What installed the packages of an image. */
export type PackageManager = "rpm" | "dpkg";

/**
 * Tells which of two versions of a package is newer, by its manager's own rules: -1 the second, 1 the first, 0 neither.
 * Versions are `[epoch:]version-release` (rpm) or Debian versions; the function throws RangeError for any other text.
 */
export function versionComparer(manager: PackageManager): (a: string, b: string) => Order {
  switch (manager) {
    case "rpm":
      return (a, b) => compareEvr(parseEvr(a), parseEvr(b));
    case "dpkg":
      return compareDebianVersions;
  }
}
