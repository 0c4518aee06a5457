import type { BuildArn } from "../../events/ids.ts";
import type { Advisory } from "../advisories/feed.ts";
import { findApplicable, type InstalledPackage, toInstalledPackages } from "../advisories/find-applicable.ts";
import { type PackageManager, versionComparer } from "../advisories/versions.ts";
import type { Architecture } from "../component/operating-system.ts";
import type { Manifest } from "../evidence/manifest.ts";
import type { Target } from "./affected-target.ts";

/** An affected or fixed package. `fixed`: the vendor's fixed version. */
export interface NamedPackage {
  readonly name: string;
  readonly architecture: string;
  readonly installed: string;
  readonly fixed?: string;
}

/** Whether a target affects a build. */
export type Verdict =
  /** `by`: the advisories and the scan that say so; empty if the target is a package. */
  | { readonly state: "affected"; readonly packages: readonly NamedPackage[]; readonly by: readonly string[] }
  /** Its versions of the packages are not affected. */
  | { readonly state: "fixed"; readonly packages: readonly NamedPackage[]; readonly by: readonly string[] }
  /** It has none of the packages, or a scan that knows the vulnerability did not report it. */
  | { readonly state: "clean"; readonly why: string }
  | { readonly state: "unknown"; readonly why: string };

/** Amazon Inspector's scan of a build. */
export interface BuildScan {
  /** When its evidence was collected; ISO 8601. */
  readonly at: string;
  readonly completed: boolean;
  /** The packages that it reported for the target, as `name version`; undefined without such a finding. */
  readonly reported?: readonly string[];
}

/** The operating system whose rules compare a build's packages. */
export interface BuildSystem {
  /** Builds of one system have the same feeds and advisories. */
  readonly name: string;
  readonly manager: PackageManager;
  readonly architecture: Architecture;
}

/** An advisory as a vendor published it for one system. */
export interface SystemAdvisory extends Pick<BuildSystem, "name" | "architecture"> {
  readonly advisory: Advisory;
}

/** A build with its known facts. */
export interface KnownBuild {
  readonly image: string;
  readonly build: BuildArn;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Undefined: the config no longer has the image. */
  readonly system: BuildSystem | undefined;
  /** A string is the reason why the packages are unknown. */
  readonly installed: Manifest | string;
  readonly scan: BuildScan | undefined;
  /** Why usage reports are missing. */
  readonly unreported?: string;
}

/** What the scans of all builds say about a vulnerability. */
interface Reported {
  /** When a scan first reported it; undefined if none did. */
  readonly since: string | undefined;
  /** The newest version that a scan reported, by system and package. */
  readonly newest: ReadonlyMap<string, string>;
}

const nameOf = (reported: string): string => reported.split(" ", 1)[0] ?? "";

const bySystem = (system: BuildSystem, name: string): string => `${system.name} ${system.architecture} ${name}`;

/** Finds the vulnerable versions from builds whose scan reported the vulnerability. */
export function learnReported(builds: readonly KnownBuild[]): Reported {
  const newest = new Map<string, string>();
  let since: string | undefined;
  for (const { system, installed, scan } of builds) {
    if (!scan?.reported) continue;
    if (since === undefined || scan.at < since) since = scan.at;
    if (!system || typeof installed === "string") continue;
    const compare = versionComparer(system.manager);
    const packages = toInstalledPackages(installed, system.manager);
    for (const name of scan.reported.map(nameOf)) {
      const version = newestOf(packages.get(name) ?? [], compare);
      const before = newest.get(bySystem(system, name));
      if (version && (before === undefined || compare(version, before) > 0))
        newest.set(bySystem(system, name), version);
    }
  }
  return { since, newest };
}

/** @param all the advisories about the target, for all systems */
export function judgeBuild(
  build: KnownBuild,
  target: Target,
  all: readonly SystemAdvisory[],
  reported: Reported,
): Verdict {
  const { system, installed, scan } = build;
  if (target.kind === "package") return judgePackage(build, target);
  const ofSystem = all.filter(({ name }) => name === system?.name);
  // Fixes are known only for the architectures that images had when a feed was read.
  const advisories = ofSystem
    .filter((one) => one.architecture === system?.architecture)
    .map(({ advisory }) => advisory);
  const by = scan?.reported ? [`Amazon Inspector's scan of ${scan.at.slice(0, 10)}`] : [];
  const scanned = scan?.reported?.map((one) => toScanned(one)) ?? [];
  const found =
    system && typeof installed !== "string" ? judgeByVersions(build.image, system, installed, advisories) : undefined;
  if (found?.state === "affected") return { ...found, by: [...found.by, ...by] };
  if (scan?.reported) return { state: "affected", packages: scanned, by };
  if (found) return found;
  if (typeof installed === "string") return { state: "unknown", why: installed };
  if (!system)
    return { state: "unknown", why: "the config no longer has the image, so its packages cannot be compared" };
  const [elsewhere] = all;
  if (target.kind === "advisory" && elsewhere && ofSystem.length === 0)
    return { state: "clean", why: `the advisory is about ${elsewhere.name}` };
  if (target.kind === "advisory")
    return { state: "unknown", why: `the factory does not know advisory ${target.id} for this operating system` };
  return judgeByScans({ system, installed, scan }, reported);
}

const toScanned = (text: string): NamedPackage => ({
  name: nameOf(text),
  architecture: "",
  installed: text.slice(nameOf(text).length + 1) || "in an unknown version",
});

/** @returns undefined without advisories */
function judgeByVersions(
  image: string,
  { manager, architecture }: BuildSystem,
  packages: Manifest,
  advisories: readonly Advisory[],
): Verdict | undefined {
  if (advisories.length === 0) return undefined;
  const { applicable, unjudged } = findApplicable({
    image,
    packages,
    manager,
    architecture,
    advisories,
    threshold: "unknown",
    waivers: [],
    now: new Date(0),
  });
  if (applicable.length > 0) {
    const older = applicable.flatMap(({ packages: some }) => some);
    const distinct = new Map(older.map((one) => [`${one.name}.${one.architecture} ${one.fixed}`, one]));
    return {
      state: "affected",
      packages: [...distinct.values()].map(({ name, architecture: of, installed, fixed }) => ({
        name,
        architecture: of,
        installed,
        fixed,
      })),
      by: applicable.map(({ id }) => id),
    };
  }
  const [first] = unjudged;
  if (first) return { state: "unknown", why: `${first.advisory}: ${first.package}: ${first.reason}` };
  const fixes = new Set(advisories.flatMap(({ fixes: some }) => some.map(({ name }) => name)));
  const ids = advisories.map(({ id }) => id);
  if (fixes.size === 0) return { state: "unknown", why: `${ids.join(", ")} names no fixed version` };
  const installed = toInstalledPackages(packages, manager);
  const having = [...fixes].flatMap((name) => (installed.get(name) ?? []).map(toNamed));
  return having.length > 0
    ? { state: "fixed", packages: having, by: ids }
    : { state: "clean", why: `none of the packages of ${ids.join(", ")} is installed` };
}

const toNamed = ({ name, architecture, version }: InstalledPackage): NamedPackage => ({
  name,
  architecture,
  installed: version ?? "in an unknown version",
});

/**
 * Judges a vulnerability that no advisory names. A scan from before it was first reported proves nothing; then the
 * vulnerable versions of other builds decide.
 */
function judgeByScans(
  { system, installed, scan }: { system: BuildSystem; installed: Manifest; scan: BuildScan | undefined },
  { since, newest }: Reported,
): Verdict {
  if (since === undefined) return { state: "unknown", why: "no scan reported it, and no known advisory names it" };
  const compare = versionComparer(system.manager);
  const packages = toInstalledPackages(installed, system.manager);
  const older = [...packages].flatMap(([name, some]) => {
    const reported = newest.get(bySystem(system, name));
    const own = reported === undefined ? undefined : newestOf(some, compare);
    return own !== undefined && reported !== undefined && compare(own, reported) <= 0 ? some.map(toNamed) : [];
  });
  if (older.length > 0)
    return { state: "affected", packages: older, by: ["a scan of another build reported this version or a newer one"] };
  const isLater = scan?.completed === true && scan.at >= since;
  if (isLater) return { state: "clean", why: `the scan of ${scan.at.slice(0, 10)} did not report it` };
  const names = new Set([...newest.keys()].filter((key) => key.startsWith(bySystem(system, ""))));
  const hasNone = names.size > 0 && ![...packages.keys()].some((name) => names.has(bySystem(system, name)));
  if (hasNone) return { state: "clean", why: "none of the packages that scans reported is installed" };
  return {
    state: "unknown",
    why: scan?.completed
      ? `it was scanned before the vulnerability was first reported (${since.slice(0, 10)})`
      : "it has no completed scan",
  };
}

function judgePackage(
  { system, installed }: KnownBuild,
  { name, version }: Extract<Target, { kind: "package" }>,
): Verdict {
  if (typeof installed === "string") return { state: "unknown", why: installed };
  if (!system) {
    return installed.packages.some((one) => one.name === name)
      ? { state: "unknown", why: "the config no longer has the image, so its packages cannot be compared" }
      : { state: "clean", why: `${name} is not installed` };
  }
  const some = toInstalledPackages(installed, system.manager).get(name) ?? [];
  if (some.length === 0) return { state: "clean", why: `${name} is not installed` };
  const packages = some.map(toNamed);
  if (version === undefined) return { state: "affected", packages, by: [] };
  try {
    const compare = versionComparer(system.manager);
    // The newest version of each architecture counts, as for advisories: it is the one that runs.
    const newest = [...Map.groupBy(some, ({ architecture }) => architecture).values()].map((own) =>
      newestOf(own, compare),
    );
    if (newest.includes(undefined))
      return { state: "unknown", why: `the installed version of ${name} is not fully known` };
    const isOlder = newest.some((one) => compare(one ?? "", version) <= 0);
    return { state: isOlder ? "affected" : "fixed", packages, by: [] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { state: "unknown", why: error.message };
  }
}

/** Undefined if a version is not fully known or not valid. */
function newestOf(some: readonly InstalledPackage[], compare: (a: string, b: string) => number): string | undefined {
  try {
    return some
      .map(({ version }) => version)
      .reduce((newest, one) => {
        if (newest === undefined || one === undefined) return undefined;
        return compare(one, newest) > 0 ? one : newest;
      }, some[0]?.version);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}
