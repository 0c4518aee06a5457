import { type AdvisorySeverity, type ApplicableAdvisory, advisorySeverities } from "../../events/build.ts";
import { sayTime } from "../build/explain-triggers.ts";
import { type Architecture, packageArchitecture } from "../component/operating-system.ts";
import type { Manifest } from "../evidence/manifest.ts";
import type { Waiver } from "../factory/gate-schema.ts";
import { findWaiver } from "../gate/waivers.ts";
import type { Pressing } from "./exploits.ts";
import type { Advisory, FixedPackage } from "./feed.ts";
import { countsFrom } from "./priorities.ts";
import { type PackageManager, versionComparer } from "./versions.ts";
import { type FixingUpdates, hasUpdate, isUpdate } from "./windows-updates.ts";

/** An advisory's installed package for which it is unknown whether the advisory applies. */
interface Unjudged {
  readonly advisory: string;
  readonly package: string;
  readonly reason: string;
}

interface Judgement {
  /** Exploited ones first, then by severity, then by id. */
  readonly applicable: readonly ApplicableAdvisory[];
  /** Advisories for installed packages that trigger nothing, with the reason. Already fixed ones are not included. */
  readonly passedOver: readonly { readonly advisory: string; readonly reason: string }[];
  /** Undecidable ones: they are reported and trigger no rebuild. */
  readonly unjudged: readonly Unjudged[];
}

interface Asked {
  readonly image: string;
  /** The packages of the image's build. */
  readonly packages: Manifest;
  readonly manager: PackageManager;
  readonly architecture: Architecture;
  readonly advisories: readonly Advisory[];
  /** The lowest severity that counts. `unknown` is the lowest of all. */
  readonly threshold: AdvisorySeverity;
  /** Decides whether exploits make an advisory count regardless of its severity. */
  readonly pressing?: (cves: readonly string[]) => Pressing | undefined;
  readonly waivers: readonly Waiver[];
  readonly now: Date;
  /**
   * The packages of the parent's build that the image's build started from. Absent if the image has no parent in the
   * factory, if that parent has no trigger by packages, or if the parent's builds do not rebuild this image.
   */
  readonly parent?: { readonly image: string; readonly packages: Manifest } | undefined;
}

/**
 * Which advisories apply to an image: a package is older than the fixed version, the advisory is severe enough and not
 * waived, and the package does not come from the parent.
 */
export function findApplicable(asked: Asked): Judgement {
  const { threshold, waivers, image, now } = asked;
  const today = now.toISOString().slice(0, 10);
  const judge = packageJudge(asked);
  const applicable: ApplicableAdvisory[] = [];
  const passedOver: { advisory: string; reason: string }[] = [];
  const unjudged: Unjudged[] = [];
  for (const advisory of asked.advisories) {
    const { id, severity, cves, fixes, archive = [] } = advisory;
    const passOver = (reason: string) => passedOver.push({ advisory: id, reason });
    if (fixes.length === 0) {
      passOver("names no fixed version");
      continue;
    }
    const findings = fixes.map(judge);
    unjudged.push(
      ...findings.flatMap((finding) => (finding.kind === "unjudged" ? [{ advisory: id, ...finding.told }] : [])),
    );
    const packages = withoutDuplicates(findings.flatMap((finding) => (finding.kind === "older" ? [finding.told] : [])));
    const parents = findings.find(({ kind }) => kind === "parents");
    const waiver =
      findWaiver(waivers, image, today, id, cves) ??
      archive.map((one) => findWaiver(waivers, image, today, one, [])).find((found) => found !== undefined);
    const pressing = asked.pressing?.(cves);
    if (packages.length === 0) {
      if (parents) passOver(`comes with its parent ${asked.parent?.image}`);
    } else if (!pressing && rank(countsAs(advisory, now)) < rank(threshold))
      passOver(belowThreshold(advisory, now, threshold));
    else if (waiver) passOver(waiver);
    else applicable.push({ id, severity, cves: [...cves], ...pressing, packages });
  }
  const isExploited = (one: ApplicableAdvisory) => Number(one.exploited !== undefined);
  applicable.sort(
    (a, b) => isExploited(b) - isExploited(a) || rank(b.severity) - rank(a.severity) || (a.id < b.id ? -1 : 1),
  );
  return { applicable, passedOver, unjudged };
}

/** A severity that is still unknown after a day counts as important. */
function countsAs(advisory: Advisory, now: Date): AdvisorySeverity {
  const from = countsFrom(advisory);
  return from && from <= now ? "important" : advisory.severity;
}

function belowThreshold(advisory: Advisory, now: Date, threshold: AdvisorySeverity): string {
  const from = countsFrom(advisory);
  if (from && from > now)
    return `its severity is unknown; from ${sayTime(from.toISOString())} on it counts as important`;
  return `${countsAs(advisory, now)} is below the image's threshold ${threshold}`;
}

const rank = (severity: AdvisorySeverity): number => advisorySeverities.indexOf(severity);

type Finding =
  /** Not installed, another architecture, or already fixed. */
  | { readonly kind: "none" }
  | { readonly kind: "older"; readonly told: ApplicableAdvisory["packages"][number] }
  /** Older, in the parent's version: the parent's rebuild brings the fix and then rebuilds this image. */
  | { readonly kind: "parents" }
  | { readonly kind: "unjudged"; readonly told: Omit<Unjudged, "advisory"> };

function packageJudge({ packages, manager, architecture, parent }: Asked): (fix: FixedPackage) => Finding {
  const installed = toInstalledPackages(packages, manager);
  const parents = parent && toInstalledPackages(parent.packages, manager);
  const compare = versionComparer(manager);
  const native = packageArchitecture(manager, architecture);
  // inferred: SLES 16 may spell its package `SLES-release`.
  const isInstalled = ({ name, version }: { readonly name: string; readonly version: string }) =>
    packages.packages.some((one) => one.name.toLowerCase() === name && one.version === version);
  const lists = (updates: Manifest, of: FixingUpdates) =>
    hasUpdate(of, (update) => updates.packages.some(({ name }) => name === update));
  /** Undefined if the manifest lists no updates. */
  const byUpdates = (
    fix: FixedPackage,
    updates: FixingUpdates,
    [one]: readonly InstalledPackage[],
  ): Finding | undefined => {
    if (!packages.packages.some(({ name }) => isUpdate(name))) return undefined;
    const has = lists(packages, updates);
    const { name, architecture: spelled, version: fixed } = fix;
    if (has === undefined) {
      const reason = "none of the image's updates replaces it or is replaced by it";
      return { kind: "unjudged", told: { package: nameOf(fix), reason } };
    }
    if (has) return { kind: "none" };
    if (parent && lists(parent.packages, updates) === false) return { kind: "parents" };
    return { kind: "older", told: { name, architecture: spelled, installed: one?.version ?? "", fixed } };
  };
  return (fix) => {
    const some = matching(installed, fix, native);
    if (some.length === 0) return { kind: "none" };
    const unjudged = (reason: string): Finding => ({ kind: "unjudged", told: { package: nameOf(fix), reason } });
    if (fix.on && !isInstalled(fix.on)) return { kind: "none" };
    if (fix.module !== undefined) {
      const streams = new Set(some.map(({ module }) => module));
      if (streams.has(undefined))
        return unjudged(`fixed in module stream ${fix.module}, but the installed stream is unknown`);
      if (!streams.has(fix.module)) return { kind: "none" };
    }
    try {
      const newest = newestVersion(some, compare);
      if (newest === undefined) return unjudged("its installed version is not fully known");
      if (compare(newest, fix.version) >= 0) return { kind: "none" };
      const same = parents && newestVersion(matching(parents, fix, native), compare);
      if (same !== undefined && compare(same, newest) === 0) return { kind: "parents" };
      const { name, version: fixed } = fix;
      return { kind: "older", told: { name, architecture: some[0]?.architecture ?? "", installed: newest, fixed } };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return (fix.updates && byUpdates(fix, fix.updates, some)) ?? unjudged(error.message);
    }
  };
}

/**
 * The newest of several installed versions of a package (kernels stay installed beside newer ones): the one that runs and
 * that an update would replace. Undefined if one of them is unknown.
 */
function newestVersion(
  some: readonly InstalledPackage[],
  compare: (a: string, b: string) => number,
): string | undefined {
  const versions = some.map(({ version }) => version);
  if (versions.includes(undefined)) return undefined;
  return versions.reduce(
    (newest, one) => (newest === undefined || compare(one ?? "", newest) > 0 ? one : newest),
    undefined,
  );
}

/** The packages that a fix replaces: same name and architecture. A `noarch` package may become native, and vice versa. */
function matching(
  installed: ReadonlyMap<string, readonly InstalledPackage[]>,
  { name, architecture }: FixedPackage,
  native: string,
): readonly InstalledPackage[] {
  const everywhere = (one: string) => one === "noarch" || one === "all";
  const anyNative = (one: string) => one === native || everywhere(one);
  return (installed.get(name) ?? []).filter(
    (one) => one.architecture === architecture || (anyNative(one.architecture) && anyNative(architecture)),
  );
}

const nameOf = ({ name, architecture }: FixedPackage): string => `${name}.${architecture}`;

/** One advisory can name a package twice, as native and as `noarch`. */
function withoutDuplicates<T extends { name: string; architecture: string; fixed: string }>(some: readonly T[]): T[] {
  return [...new Map(some.map((one) => [`${one.name}.${one.architecture} ${one.fixed}`, one])).values()];
}

/** A package of an image, with its full version; undefined if the manifest does not have it. */
export interface InstalledPackage {
  readonly name: string;
  readonly architecture: string;
  readonly version: string | undefined;
  /** Its module stream, `nodejs:20`; empty without a stream, undefined if unknown. */
  readonly module?: string | undefined;
}

/**
 * An image's packages by name. Versions are in the format of `versionComparer`. Every RPM has a release; a Debian package
 * may have none, which our manifest writes as `null`. If the release is missing altogether, the version is not fully known:
 * manifests by Image Builder do not have it.
 */
export function toInstalledPackages({ packages }: Manifest, manager: PackageManager): Map<string, InstalledPackage[]> {
  const whole = (release: string | null | undefined) =>
    Boolean(release) || manager === "windows" || (manager === "dpkg" && release === null);
  const installed = packages.map(({ name, architecture, epoch, version, release, module }) => ({
    name,
    architecture,
    version: whole(release) ? inFull(epoch, version, release) : undefined,
    module: streamOf(module, release),
  }));
  return Map.groupBy(installed, ({ name }) => name);
}

/** RPM's label is `nodejs:20:8100020240131151218:489197e6`. Releases of module packages contain `.module`: `1.module+el9`. */
function streamOf(label: string | null | undefined, release: string | null | undefined): string | undefined {
  if (label) return label.split(":").slice(0, 2).join(":");
  return label === null || !/\.module[+_]/.test(release ?? "") ? "" : undefined;
}

const inFull = (
  epoch: string | number | null | undefined,
  version: string,
  release: string | null | undefined,
): string => `${epoch && Number(epoch) !== 0 ? `${epoch}:` : ""}${version}${release ? `-${release}` : ""}`;
