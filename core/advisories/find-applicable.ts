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

/** An advisory, or an installed package that it names, about which nothing can be said. */
interface Unjudged {
  readonly advisory: string;
  readonly package: string;
  readonly reason: string;
}

interface Judgement {
  /** What is exploited first, then the most severe, then by id. */
  readonly applicable: readonly ApplicableAdvisory[];
  /** Advisories on what is installed that call for nothing, each with the reason. What is fixed already is not among them. */
  readonly passedOver: readonly { readonly advisory: string; readonly reason: string }[];
  /** What nobody can judge rebuilds nothing, and is told. */
  readonly unjudged: readonly Unjudged[];
}

interface Asked {
  readonly image: string;
  /** What is installed in the image's build. */
  readonly packages: Manifest;
  readonly manager: PackageManager;
  readonly architecture: Architecture;
  readonly advisories: readonly Advisory[];
  /** The least severe that counts. `unknown` is the least of all. */
  readonly threshold: AdvisorySeverity;
  /** What makes an advisory count whatever its severity. */
  readonly pressing?: (cves: readonly string[]) => Pressing | undefined;
  readonly waivers: readonly Waiver[];
  readonly now: Date;
  /**
   * What is installed in the parent's build that the image's build started from. Left out where the image has no parent in
   * the factory, and where that parent would not be rebuilt for its packages, or would not rebuild this image.
   */
  readonly parent?: { readonly image: string; readonly packages: Manifest } | undefined;
}

/**
 * Which advisories apply to an image: a package is installed in an older version than the fixed one, the advisory is
 * severe enough, not waived, and the package did not come with the parent.
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

/** What is still unknown after its time may be anything: it counts as important. */
function countsAs(advisory: Advisory, now: Date): AdvisorySeverity {
  const from = countsFrom(advisory);
  return from && from <= now ? "important" : advisory.severity;
}

function belowThreshold(advisory: Advisory, now: Date, threshold: AdvisorySeverity): string {
  const from = countsFrom(advisory);
  if (from && from > now)
    return `its severity is not known; from ${sayTime(from.toISOString())} on it counts as important`;
  return `${countsAs(advisory, now)} is below the image's threshold ${threshold}`;
}

const rank = (severity: AdvisorySeverity): number => advisorySeverities.indexOf(severity);

type Finding =
  /** Not installed, another architecture, or fixed already. */
  | { readonly kind: "none" }
  | { readonly kind: "older"; readonly told: ApplicableAdvisory["packages"][number] }
  /** Older, and exactly as the parent has it: the parent's rebuild brings the fix, and then rebuilds this image. */
  | { readonly kind: "parents" }
  | { readonly kind: "unjudged"; readonly told: Omit<Unjudged, "advisory"> };

function packageJudge({ packages, manager, architecture, parent }: Asked): (fix: FixedPackage) => Finding {
  const installed = toInstalledPackages(packages, manager);
  const parents = parent && toInstalledPackages(parent.packages, manager);
  const compare = versionComparer(manager);
  const native = packageArchitecture(manager, architecture);
  const isInstalled = ({ name, version }: { readonly name: string; readonly version: string }) =>
    packages.packages.some((one) => one.name === name && one.version === version);
  const lists = (updates: Manifest, of: FixingUpdates) =>
    hasUpdate(of, (update) => updates.packages.some(({ name }) => name === update));
  /** Undefined where the manifest lists no updates. */
  const byUpdates = (
    fix: FixedPackage,
    updates: FixingUpdates,
    [one]: readonly InstalledPackage[],
  ): Finding | undefined => {
    if (!packages.packages.some(({ name }) => isUpdate(name))) return undefined;
    const has = lists(packages, updates);
    const { name, architecture: spelled, version: fixed } = fix;
    if (has === undefined) {
      const reason = "none of the image's updates is one that it replaces, or that replaces it";
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
        return unjudged(`fixed in module stream ${fix.module}, and which stream is installed is not known`);
      if (!streams.has(fix.module)) return { kind: "none" };
    }
    try {
      const newest = newestVersion(some, compare);
      if (newest === undefined) return unjudged("installed in a version that is not known in full");
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
 * Of several versions of one name (kernels, which stay installed beside the newer) the newest counts: it is what runs, and
 * what an update would replace. Undefined where one of them is not known.
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

/** What a fix replaces: a package of its name and architecture. What runs everywhere may become native, and back. */
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

/** One advisory can name a package twice, as native and for everywhere. */
function withoutDuplicates<T extends { name: string; architecture: string; fixed: string }>(some: readonly T[]): T[] {
  return [...new Map(some.map((one) => [`${one.name}.${one.architecture} ${one.fixed}`, one])).values()];
}

/** A package of an image, with its version in full; undefined where its manifest does not know it so. */
export interface InstalledPackage {
  readonly name: string;
  readonly architecture: string;
  readonly version: string | undefined;
  /** Its module stream, `nodejs:20`; empty where it has none, undefined where that is unknown. */
  readonly module?: string | undefined;
}

/**
 * An image's packages by their names. Versions are what `versionComparer` takes. Every RPM has a release; a Debian package
 * may have none, and then our manifest says `null`. A package that says nothing about its release was told by somebody who
 * does not know it, as Image Builder does not.
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

/** RPM's label is `nodejs:20:8100020240131151218:489197e6`. The release of what is of a module says so: `1.module+el9`. */
function streamOf(label: string | null | undefined, release: string | null | undefined): string | undefined {
  if (label) return label.split(":").slice(0, 2).join(":");
  return label === null || !/\.module[+_]/.test(release ?? "") ? "" : undefined;
}

const inFull = (
  epoch: string | number | null | undefined,
  version: string,
  release: string | null | undefined,
): string => `${epoch && Number(epoch) !== 0 ? `${epoch}:` : ""}${version}${release ? `-${release}` : ""}`;
