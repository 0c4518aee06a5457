import { advisoriesOf, type ImageOs, imageSystemOf } from "../../core/component/image-system.ts";
import { type OperatingSystem, rowOf } from "../../core/component/operating-system.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { type AdvisorySeverity, advisorySeverities } from "../../events/build.ts";
import { basePackages } from "../instances/base-packages.ts";
import type { Publication, PublishedPackage } from "../package-feeds/publication.ts";

/** A newer version of a package, with the advisory that explains it. */
export interface Advisory {
  readonly os: OperatingSystem;
  readonly advisory: NonNullable<Publication["advisory"]>;
  /** Name, source and the version that fixes it. */
  readonly fixes: { readonly name: string; readonly source: string; readonly version: string };
}

interface Plan extends Advisory {
  /** It rebuilds at least one of these images. */
  readonly candidates: readonly string[];
}

/** An advisory at or above the threshold for each operating system that has an image with `triggers.packages`. */
export function planAdvisories(
  { images }: Factory,
  names: readonly string[],
  draw: () => number,
): { plans: Plan[]; impossible: { what: string; why: string }[] } {
  const watched = names.flatMap((name) => {
    const image = images[name];
    return image?.triggers.packages ? [{ name, ...image, ...image.triggers.packages }] : [];
  });
  if (watched.length === 0) {
    return { plans: [], impossible: [{ what: "an advisory", why: "no image has triggers.packages" }] };
  }
  const pinned = watched.filter(({ release }) => release !== "latest");
  const impossible = pinned.map(({ name, release }) => ({
    what: `an advisory for ${name}`,
    why: `its release is pinned to ${release}, which gets no new packages`,
  }));
  const following = watched.filter(({ release }) => release === "latest");
  const plans = [...Map.groupBy(following, ({ os }) => advisoriesOf(os))].map(([os, some]): Plan => {
    // A package that comes with a parent in the factory rebuilds the parent.
    const roots = some.filter(({ parent }) => !("image" in parent));
    const candidates = (roots.length > 0 ? roots : some).map(({ name }) => name);
    const lowest = Math.max(1, ...some.map(({ severity }) => advisorySeverities.indexOf(severity)));
    const at = lowest + Math.floor(draw() * (advisorySeverities.length - lowest));
    const severity: AdvisorySeverity = advisorySeverities[at] ?? "critical";
    // Canonical records a kernel's vulnerabilities under its own source, which the local feeds do not publish.
    const base = basePackages(os, "x86_64").filter(({ source = "" }) => !source.startsWith("linux-meta"));
    // Windows advisories are about the whole build; none is about SLES's service pack.
    const published =
      rowOf(os).manager === "windows" ? base.slice(0, 1) : base.filter(({ name }) => !/^sles-release$/i.test(name));
    const packages = roots.length > 0 ? published : [ownPackage(os)];
    const chosen = packages[Math.floor(draw() * packages.length)] ?? ownPackage(os);
    const { name, version, source = name } = chosen;
    const id = idOf(os, 1 + Math.floor(draw() * 8999));
    return {
      os,
      candidates,
      advisory: { id, severity, cves: [`CVE-2026-${90_000 + Math.floor(draw() * 9_999)}`] },
      fixes: { name, source, version: newer(version) },
    };
  });
  return { plans, impossible };
}

/** In the form of the vendor's advisory ids. */
function idOf(os: OperatingSystem, number: number): string {
  const row = rowOf(os);
  if (row.manager === "windows") return `KB${5_000_000 + number}`;
  if (row.manager === "dpkg") return row.notices ? `DSA-${number}-1` : `USN-TRY-${number}`;
  if (os.startsWith("rhel")) return `RHSA-2026:${number}`;
  return os.startsWith("sles") ? `SUSE-SU-2026:${number}-1` : `${os.toUpperCase()}-TRY-${number}`;
}

/** A package that only images with a parent in the factory have. */
export function ownPackage(os: ImageOs): PublishedPackage {
  switch (imageSystemOf(os).packages) {
    case "rpm":
      return { name: "nginx", version: `1:1.28.2-1.${os === "al2" ? "amzn2" : "amzn2023"}`, architecture: "noarch" };
    case "dpkg":
      return { name: "nginx", version: "1.24.0-2ubuntu7.5", architecture: "all" };
    case "windows":
      return { name: "Web-Server", version: "10.0", architecture: "x86_64" };
  }
}

/** Increments the last number of the release: `1:3.2.2-1.amzn2023` becomes `1:3.2.2-2.amzn2023`, `10.0.20348.4171` becomes `10.0.20348.4172`. */
function newer(version: string): string {
  return version.replace(
    /(\d+)(\.(?:amzn|el)\d+)?$/,
    (_, number: string, suffix = "") => `${Number(number) + 1}${suffix}`,
  );
}
