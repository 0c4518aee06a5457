import type { BuildArn } from "../../events/ids.ts";
import { type PackageManager, versionComparer } from "../advisories/versions.ts";
import type { Target } from "./affected-target.ts";
import type { FleetBuild } from "./facts.ts";
import { judgeBuild, type KnownBuild, learnReported, type SystemAdvisory, type Verdict } from "./judge-affected.ts";

/** The builds that a channel points at, by region; regions that are behind have another build, or none. */
export interface PointedChannel {
  readonly image: string;
  readonly channel: string;
  readonly regions: Readonly<Record<string, BuildArn | undefined>>;
}

/** Instances of a build in an account and region, as of a time. */
interface Running {
  readonly account: string;
  readonly image: string;
  readonly build: BuildArn;
  readonly region: string;
  readonly instances: number;
  readonly launchTemplates: number;
  /** ISO 8601. */
  readonly asOf: string;
}

/** Instances that an exposure clock last counted in an account: of groups that follow a channel, in all regions. */
export interface Counted {
  readonly account: string;
  readonly image: string;
  readonly channel: string;
  readonly advisory: string;
  readonly instances: number;
  /** ISO 8601. */
  readonly asOf: string;
}

/** A build whose use is unknown. */
interface UnknownUse {
  readonly image: string;
  readonly build: BuildArn;
  /** Absent if it applies to all regions. */
  readonly region?: string;
  readonly why: string;
}

/** `none`: the channel has no build in the region. */
type ChannelState = Verdict["state"] | "none";

interface AffectedBuild {
  readonly build: BuildArn;
  readonly startedAt: string;
  readonly verdict: Verdict;
}

interface AffectedImage {
  readonly image: string;
  /** Newest first. */
  readonly builds: readonly AffectedBuild[];
  /** The oldest fixed build that is newer than every affected one; absent without one. */
  readonly firstFixed?: BuildArn;
  /** The build and state of each region of a channel. */
  readonly channels: readonly {
    readonly channel: string;
    readonly regions: readonly {
      readonly region: string;
      readonly build?: BuildArn;
      readonly state: ChannelState;
    }[];
  }[];
}

export interface Affected {
  readonly target: Target;
  /** `affected`: a channel or an instance has it. `unknown`: none is known to have it, but some are unknown. */
  readonly outcome: "affected" | "unknown" | "not-affected";
  readonly advisories: readonly SystemAdvisory[];
  readonly images: readonly AffectedImage[];
  readonly running: readonly Running[];
  /** Counted every five minutes to six hours (docs/patched.md): newer than `running`, of fewer instances. */
  readonly counted: readonly Counted[];
  readonly unknownUses: readonly UnknownUse[];
}

export interface AffectedFacts {
  readonly builds: readonly KnownBuild[];
  readonly advisories: readonly SystemAdvisory[];
  readonly channels: readonly PointedChannel[];
}

/** Decides which builds a target affects. Only their use is looked up (`joinUses`). */
export function judgeAll(target: Target, facts: AffectedFacts): ReadonlyMap<BuildArn, Verdict> {
  requireVersion(target, facts.builds);
  const reported = learnReported(facts.builds);
  return new Map(facts.builds.map((build) => [build.build, judgeBuild(build, target, facts.advisories, reported)]));
}

/**
 * Joins verdicts with channels and with the accounts that run the builds.
 * @param uses of the affected builds, from EC2's usage reports
 * @param counted by the exposure clocks of the target's advisories
 */
export function joinUses(
  target: Target,
  { builds, advisories, channels }: AffectedFacts,
  verdicts: ReadonlyMap<BuildArn, Verdict>,
  uses: readonly FleetBuild[],
  counted: readonly Counted[],
): Affected {
  const byImage = Map.groupBy(builds, ({ image }) => image);
  const images = [...byImage]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([image, own]) => toImage(image, own, verdicts, channels));
  const running = uses.flatMap(runningOf);
  const unknownUses = findUnknownUses(builds, verdicts, uses);
  const given = images.flatMap((one) => one.channels.flatMap(({ regions }) => regions.map(({ state }) => state)));
  const isUnsure =
    unknownUses.length > 0 || [...given, ...[...verdicts.values()].map(({ state }) => state)].includes("unknown");
  return {
    target,
    outcome:
      given.includes("affected") || running.length + counted.length > 0
        ? "affected"
        : isUnsure
          ? "unknown"
          : "not-affected",
    advisories,
    images,
    running: running.toSorted(
      (a, b) => b.instances - a.instances || a.account.localeCompare(b.account) || a.build.localeCompare(b.build),
    ),
    counted: counted.toSorted((a, b) => b.instances - a.instances || a.account.localeCompare(b.account)),
    unknownUses,
  };
}

function toImage(
  image: string,
  own: readonly KnownBuild[],
  verdicts: ReadonlyMap<BuildArn, Verdict>,
  channels: readonly PointedChannel[],
): AffectedImage {
  const newestFirst = own.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  const stateOf = (build: BuildArn | undefined) => (build ? verdicts.get(build)?.state : undefined);
  const last = newestFirst.findIndex(({ build }) => stateOf(build) === "affected");
  const newer = last < 0 ? [] : newestFirst.slice(0, last);
  const firstFixed = newer.findLast(({ build }) => isFree(stateOf(build)));
  return {
    image,
    builds: newestFirst.map(({ build, startedAt }) => ({ build, startedAt, verdict: verdicts.get(build)! })),
    ...(firstFixed && { firstFixed: firstFixed.build }),
    channels: channels
      .filter((one) => one.image === image)
      .map(({ channel, regions }) => ({
        channel,
        regions: Object.entries(regions).map(([region, build]) => {
          const state = build ? (stateOf(build) ?? "unknown") : "none";
          return { region, ...(build && { build }), state };
        }),
      })),
  };
}

const isFree = (state: Verdict["state"] | undefined): boolean => state === "fixed" || state === "clean";

/** The accounts that run a build, by EC2's reports. */
const runningOf = ({ image, build, places }: FleetBuild): Running[] =>
  places.flatMap(({ region, known }) =>
    known.state === "reported"
      ? known.uses
          .filter(({ instances, launchTemplates }) => instances + launchTemplates > 0)
          .map((use) => ({ ...use, image, build, region, asOf: known.asOf }))
      : [],
  );

/** Affected builds without a usage report: they may be in use anywhere. */
function findUnknownUses(
  builds: readonly KnownBuild[],
  verdicts: ReadonlyMap<BuildArn, Verdict>,
  uses: readonly FleetBuild[],
): UnknownUse[] {
  const asked = new Map(uses.map((one) => [one.build, one]));
  return builds
    .filter(({ build }) => verdicts.get(build)?.state === "affected")
    .flatMap(({ image, build, unreported }): UnknownUse[] => {
      if (unreported) return [{ image, build, why: unreported }];
      const known = asked.get(build);
      // Without a record it was never in a channel: no account could launch it.
      if (!known) return [];
      return known.places.flatMap(({ region, known: use }) =>
        use.state === "unknown" ? [{ image, build, region, why: use.why }] : [],
      );
    });
}

/** Rejects a version that is invalid for every package manager with the package. @throws InvalidVersion */
function requireVersion(target: Target, builds: readonly KnownBuild[]): void {
  if (target.kind !== "package" || target.version === undefined) return;
  const { name, version } = target;
  const having = builds.filter(
    ({ installed }) => typeof installed !== "string" && installed.packages.some((one) => one.name === name),
  );
  const managers = [...new Set(having.flatMap(({ system }) => system?.manager ?? []))];
  const faults = managers.flatMap((manager) => whyInvalid(manager, version));
  if (managers.length > 0 && faults.length === managers.length) throw new InvalidVersion(name, faults);
}

function whyInvalid(manager: PackageManager, version: string): string[] {
  try {
    versionComparer(manager)(version, version);
    return [];
  } catch (error) {
    if (error instanceof RangeError) return [error.message];
    throw error;
  }
}

class InvalidVersion extends Error {
  override readonly name = "InvalidVersion";

  constructor(name: string, faults: readonly string[]) {
    super(`The version of ${name} cannot be compared. ${faults.join(" ")}`);
  }
}
