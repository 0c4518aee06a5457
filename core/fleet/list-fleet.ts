import type { BuildArn } from "../../events/ids.ts";
import type { FleetBuild, FleetChannel, FleetPlace, KnownUses } from "./facts.ts";

const DAY_MS = 86_400_000;

/** A build's position relative to its image's channels. */
export type Standing =
  /** `channels`: channels that point at it, or keep it in a region. */
  | { readonly kind: "in"; readonly channels: readonly string[] }
  /** `builds`: how many newer ones the channel has pointed at; `days`: between its start and that of the channel's build. */
  | { readonly kind: "behind"; readonly channel: string; readonly builds: number; readonly days: number }
  /** Newer than the channel's build. */
  | { readonly kind: "ahead"; readonly channel: string }
  /** No channel of the image points at a build. */
  | { readonly kind: "none" };

interface RegionRow {
  readonly region: string;
  readonly instances: number;
  readonly launchTemplates: number;
  /** The report's time; ISO 8601. */
  readonly asOf: string;
}

/** One account's use of one build. */
export interface FleetRow {
  readonly account: string;
  readonly image: string;
  readonly build: BuildArn;
  readonly instances: number;
  readonly launchTemplates: number;
  /** Whole days from the build's start to the newest of its reports. */
  readonly ageDays: number;
  readonly standing: Standing;
  readonly deprecated: boolean;
  readonly revoked: boolean;
  readonly regions: readonly RegionRow[];
}

/** The coverage of a region's reports. */
interface RegionKnowledge {
  readonly region: string;
  /** The oldest and the newest report that was counted; ISO 8601. */
  readonly asOf?: { readonly oldest: string; readonly newest: string };
  readonly reported: number;
  readonly unknown: number;
}

/** A build whose use in a region is unknown. */
interface UnknownUses {
  readonly image: string;
  readonly build: BuildArn;
  readonly region: string;
  readonly why: string;
}

export interface Fleet {
  readonly rows: readonly FleetRow[];
  /** Ages of instances in days; undefined if no report has an instance. */
  readonly ages: Ages | undefined;
  readonly images: readonly { readonly image: string; readonly ages: Ages | undefined }[];
  readonly regions: readonly RegionKnowledge[];
  readonly unknown: readonly UnknownUses[];
  /** Builds for which a newer report failed. */
  readonly older: readonly UnknownUses[];
  /** Builds for which a newer report is being prepared. */
  readonly pending: readonly { readonly build: BuildArn; readonly region: string; readonly since: string }[];
}

/**
 * Lists accounts by builds in use, from EC2's usage reports. All values, including ages, are as of the report. Builds with
 * unknown use are not in rows or percentiles, but in `unknown`.
 * @param channels by image, in the config's order: builds are compared with the last channel that points at a build
 */
export function listFleet(builds: readonly FleetBuild[], channels: readonly FleetChannel[]): Fleet {
  const byImage = Map.groupBy(channels, ({ image }) => image);
  const rows = builds.flatMap((build) => rowsOf(build, standingOf(build, byImage.get(build.image) ?? [])));
  const images = [...new Set(builds.map(({ image }) => image))].toSorted();
  return {
    rows: rows.toSorted(
      (a, b) =>
        a.image.localeCompare(b.image) ||
        b.ageDays - a.ageDays ||
        a.build.localeCompare(b.build) ||
        b.instances - a.instances ||
        a.account.localeCompare(b.account),
    ),
    ages: agesOf(builds.flatMap(agedOf)),
    images: images.map((image) => ({
      image,
      ages: agesOf(builds.filter((build) => build.image === image).flatMap(agedOf)),
    })),
    regions: knowledgeOf(builds.flatMap(({ places }) => places)),
    unknown: builds.flatMap(({ image, build, places }) =>
      places.flatMap(({ region, known }) =>
        known.state === "unknown" ? [{ image, build, region, why: known.why }] : [],
      ),
    ),
    older: builds.flatMap(({ image, build, places }) =>
      places.flatMap(({ region, known, newerFailed }) =>
        known.state === "reported" && newerFailed !== undefined ? [{ image, build, region, why: newerFailed }] : [],
      ),
    ),
    pending: builds.flatMap(({ build, places }) =>
      places.flatMap(({ region, known, pendingSince }) =>
        pendingSince !== undefined && known.state === "reported" ? [{ build, region, since: pendingSince }] : [],
      ),
    ),
  };
}

type Reported = Extract<KnownUses, { state: "reported" }>;

const isReported = (known: KnownUses): known is Reported => known.state === "reported";

function rowsOf(build: FleetBuild, standing: Standing): FleetRow[] {
  const uses = build.places.flatMap(({ region, known, deprecatedFrom }) =>
    isReported(known) ? known.uses.map((use) => ({ ...use, region, asOf: known.asOf, deprecatedFrom })) : [],
  );
  return [...Map.groupBy(uses, ({ account }) => account)].map(([account, some]) => ({
    account,
    image: build.image,
    build: build.build,
    instances: some.reduce((sum, { instances }) => sum + instances, 0),
    launchTemplates: some.reduce((sum, { launchTemplates }) => sum + launchTemplates, 0),
    ageDays: Math.max(...some.map(({ asOf }) => daysBetween(build.startedAt, asOf))),
    standing,
    deprecated: build.retiring === true || some.some(isDeprecated),
    revoked: build.revoked !== undefined,
    regions: some.map(({ region, instances, launchTemplates, asOf }) => ({ region, instances, launchTemplates, asOf })),
  }));
}

const isDeprecated = ({ deprecatedFrom, asOf }: { deprecatedFrom?: string | undefined; asOf: string }): boolean =>
  deprecatedFrom !== undefined && Date.parse(deprecatedFrom) <= Date.parse(asOf);

const agedOf = ({ startedAt, places }: FleetBuild): Aged[] =>
  places.flatMap(({ known }) =>
    isReported(known)
      ? known.uses.map(({ instances }) => ({ days: daysBetween(startedAt, known.asOf), instances }))
      : [],
  );

function standingOf({ build, startedAt }: FleetBuild, channels: readonly FleetChannel[]): Standing {
  const pointing = channels.flatMap(({ channel, build: points, kept }) => [
    ...(points === build ? [channel] : []),
    ...Object.entries(kept).flatMap(([region, one]) => (one === build ? [`${channel} in ${region}`] : [])),
  ]);
  if (pointing.length > 0) return { kind: "in", channels: pointing };
  const last = channels.at(-1);
  if (!last) return { kind: "none" };
  const { channel } = last;
  if (last.startedAt <= startedAt) return { kind: "ahead", channel };
  const newer = last.started.filter((at) => at > startedAt && at <= last.startedAt);
  return { kind: "behind", channel, builds: newer.length, days: daysBetween(startedAt, last.startedAt) };
}

function knowledgeOf(places: readonly FleetPlace[]): RegionKnowledge[] {
  return [...Map.groupBy(places, ({ region }) => region)]
    .map(([region, some]) => {
      const times = some.flatMap(({ known }) => (isReported(known) ? [known.asOf] : [])).toSorted();
      const [oldest] = times;
      const newest = times.at(-1);
      return {
        region,
        ...(oldest !== undefined && newest !== undefined && { asOf: { oldest, newest } }),
        reported: times.length,
        unknown: some.length - times.length,
      };
    })
    .toSorted((a, b) => a.region.localeCompare(b.region));
}

const daysBetween = (from: string, to: string): number =>
  Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / DAY_MS));
/** The number of instances, and the percentiles of their ages in days. */
export interface Ages {
  readonly instances: number;
  readonly p50: number;
  readonly p90: number;
  readonly p100: number;
}

/** A number of instances of the same age. */
interface Aged {
  readonly days: number;
  readonly instances: number;
}

/** Percentiles by nearest rank, so each is the age of an actual instance; undefined without instances. */
export function agesOf(aged: readonly Aged[]): Ages | undefined {
  const sorted = aged.filter(({ instances }) => instances > 0).toSorted((a, b) => a.days - b.days);
  const instances = sorted.reduce((sum, one) => sum + one.instances, 0);
  if (instances === 0) return undefined;
  const at = (percent: number): number => {
    let left = Math.ceil((instances * percent) / 100);
    for (const one of sorted) {
      left -= one.instances;
      if (left <= 0) return one.days;
    }
    return sorted.at(-1)?.days ?? 0;
  };
  return { instances, p50: at(50), p90: at(90), p100: at(100) };
}
