import type { PackageManager } from "./compare-versions.ts";

/** Operating systems whose vendors' feeds can be read. */
export const operatingSystems = [
  "al2023",
  "al2",
  "ubuntu-2204",
  "ubuntu-2404",
  "debian-12",
  "debian-13",
  "rocky-9",
  "alma-9",
] as const;
export type OperatingSystem = (typeof operatingSystems)[number];

/** As a factory's config says it. */
export type Architecture = "x86_64" | "arm64";

/** What installs packages there. */
export function packageManagerOf(os: OperatingSystem): PackageManager {
  return os.startsWith("ubuntu-") || os.startsWith("debian-") ? "dpkg" : "rpm";
}

/** How a package manager spells an architecture: `x86_64`, `aarch64`; `amd64`, `arm64`. */
export function packageArchitecture(manager: PackageManager, architecture: Architecture): string {
  switch (manager) {
    case "rpm":
      return architecture === "arm64" ? "aarch64" : "x86_64";
    case "dpkg":
      return architecture === "arm64" ? "arm64" : "amd64";
  }
}
