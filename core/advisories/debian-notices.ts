import type { ApplicableAdvisory } from "../../events/build.ts";
import type { Advisory } from "./feed.ts";
import { versionComparer } from "./versions.ts";

/** An announcement of Debian's security team (DSA) or LTS team (DLA) about a source package of one release. */
export interface DebianNotice {
  /** `DSA-5999-1`, `DLA-4321-1`. */
  readonly id: string;
  readonly cves: readonly string[];
  readonly source: string;
  /** The full version of the source package that has the fix. */
  readonly version: string;
}

const compare = versionComparer("dpkg");

/**
 * Notices about kernels name the source `linux`. The installed packages are built from its signed copy, whose version
 * `6.1.192+2` corresponds to `6.1.192-2`.
 */
function announcedSource({ name, version }: NonNullable<Advisory["source"]>): NonNullable<Advisory["source"]> {
  if (!/^linux(-[\d.]+)?-signed-[a-z0-9]+$/.test(name)) return { name, version };
  return { name: name.replace(/-signed-.*$/, ""), version: version.replace(/\+(?=[^+]*$)/, "-") };
}

/** The name of the source package under which Debian announces an advisory; undefined if unknown. */
export const noticeSource = ({ source }: Pick<Advisory, "source">): string | undefined =>
  source && announcedSource(source).name;

/**
 * The notices that an update of the archive fixes: those with versions newer than the installed one and not newer than the
 * update. Newest first, so the notice of the update's own version comes first.
 * @param packages the advisory's packages that are installed in an older version
 */
export function noticesOf(
  advisory: Pick<Advisory, "source">,
  packages: ApplicableAdvisory["packages"],
  notices: readonly DebianNotice[],
): DebianNotice[] {
  if (!advisory.source) return [];
  const { name, version } = announcedSource(advisory.source);
  // For binary packages with the source's version, the installed version is that of the installed source.
  const oldest = packages
    .filter(({ fixed }) => fixed === version)
    .map(({ installed }) => installed)
    .reduce<string | undefined>(
      (least, one) => (least === undefined || compare(one, least) < 0 ? one : least),
      undefined,
    );
  const fixed = notices.filter((one) => one.source === name && liesIn(one.version, oldest, version));
  return fixed.toSorted((a, b) => compare(b.version, a.version));
}

/** If the installed version is unknown, only the notice of the update's own version is certain. */
function liesIn(announced: string, installed: string | undefined, fixed: string): boolean {
  try {
    if (installed === undefined) return compare(announced, fixed) === 0;
    return compare(installed, announced) < 0 && compare(announced, fixed) <= 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * Merges an archive's updates with Debian's notices: an update takes the id of the notice for exactly its version, and the
 * CVEs of all notices that it fixes. Debian does not rate its notices, so severities do not change.
 * @param noticesFor the notices that an update fixes, see `noticesOf`
 * @param before the stored advisories: an advisory keeps its id, because it may have been announced under it
 */
export function joinNotices(
  advisories: readonly Advisory[],
  noticesFor: (advisory: Advisory) => readonly DebianNotice[],
  before: readonly Advisory[],
): Advisory[] {
  const joined = advisories.map((advisory): Advisory => {
    const { source, archive } = advisory;
    const known = before.find(({ id, archive: stoodFor }) => id === advisory.id || stoodFor?.includes(advisory.id));
    const found = noticesFor(advisory);
    const own = source && found.find((one) => one.version === announcedSource(source).version);
    // A rebuild of the same source (`+b1`) is not what was announced.
    const isRebuild = !advisory.id.endsWith(`/${source?.version}`);
    const id = known?.id ?? (isRebuild ? undefined : own?.id) ?? advisory.id;
    const cves = new Set([...advisory.cves, ...(known?.cves ?? []), ...found.flatMap((one) => one.cves)]);
    return {
      ...advisory,
      id,
      cves: [...cves].toSorted(),
      ...(!archive && id !== advisory.id && { archive: [advisory.id] }),
    };
  });
  // The kernel and its signed copy are two sources with one notice.
  return [...Map.groupBy(joined, ({ id }) => id).values()].flatMap(([first, ...others]) =>
    first ? [others.reduce(merged, first)] : [],
  );
}

const merged = (one: Advisory, other: Advisory): Advisory => ({
  ...one,
  cves: [...new Set([...one.cves, ...other.cves])].toSorted(),
  fixes: [...one.fixes, ...other.fixes],
  archive: [...(one.archive ?? []), ...(other.archive ?? [])],
});
