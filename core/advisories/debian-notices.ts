import type { ApplicableAdvisory } from "../../events/build.ts";
import type { Advisory } from "./feed.ts";
import { versionComparer } from "./versions.ts";

/** What Debian's security team (DSA) or its LTS team (DLA) announced about a source package of one release. */
export interface DebianNotice {
  /** `DSA-5999-1`, `DLA-4321-1`. */
  readonly id: string;
  readonly cves: readonly string[];
  readonly source: string;
  /** The source package's version that has the fix, in full. */
  readonly version: string;
}

const compare = versionComparer("dpkg");

/**
 * A kernel's notices are about its source, `linux`; what is installed was built from the signed copy of it, whose version
 * `6.1.192+2` stands for `6.1.192-2`.
 */
function announcedSource({ name, version }: NonNullable<Advisory["source"]>): NonNullable<Advisory["source"]> {
  if (!/^linux(-[\d.]+)?-signed-[a-z0-9]+$/.test(name)) return { name, version };
  return { name: name.replace(/-signed-.*$/, ""), version: version.replace(/\+(?=[^+]*$)/, "-") };
}

/** The source package by whose name Debian announces an advisory; undefined where it is unknown. */
export const noticeSource = ({ source }: Pick<Advisory, "source">): string | undefined =>
  source && announcedSource(source).name;

/**
 * The notices that an update of the archive fixes: those whose versions are newer than what is installed and not newer
 * than the update. The one of the update's own version comes first, then the newest.
 * @param packages what is installed of it in an older version
 */
export function noticesOf(
  advisory: Pick<Advisory, "source">,
  packages: ApplicableAdvisory["packages"],
  notices: readonly DebianNotice[],
): DebianNotice[] {
  if (!advisory.source) return [];
  const { name, version } = announcedSource(advisory.source);
  // Of binary packages that have the source's version, the installed version is the installed source's.
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

/** Without the installed version only the update's own notice is certain. */
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
 * Updates of an archive as Debian announced them: under the notice's id where one announces exactly this version, with the
 * CVEs of all notices that it fixes. Debian does not rate its notices, so severities stay as they are.
 * @param noticesFor what an update fixes, see `noticesOf`
 * @param before what was remembered: an advisory keeps its id, because its id may have been announced already
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
  // The kernel and its signed copy are two sources of one notice.
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
