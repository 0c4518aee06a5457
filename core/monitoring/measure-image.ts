import { failuresInARow, type JudgedBuild } from "../build/decide-start.ts";
import type { Image } from "../factory/image-schema.ts";

const DAY_MS = 86_400_000;

/** What the ledger says of an image, as far as its metrics speak of it. */
interface MeasuredState {
  readonly builds: readonly JudgedBuild[];
  readonly channels: Readonly<Record<string, { readonly startedAt: string }>>;
}

interface Measured {
  /** Seconds since the start of the build that it points at, of each channel of the config that points at one. */
  readonly ages: Readonly<Record<string, number>>;
  /** Undefined where nothing was ever built. */
  readonly daysSincePatch: number | undefined;
  readonly breakerOpen: boolean;
}

/**
 * How old is what people get of an image, and whether it is rebuilt by itself. Where no channel points at a build yet, its
 * days are those since it was first tried. The breaker is judged by the newest build's config: one that a change has
 * closed counts as open until the first build of what was changed.
 */
export function measureImage(image: Image, { builds, channels }: MeasuredState, now: Date): Measured {
  const ages = Object.fromEntries(
    image.channels.flatMap(({ name }) => {
      const channel = channels[name];
      return channel ? [[name, (now.getTime() - Date.parse(channel.startedAt)) / 1_000] as const] : [];
    }),
  );
  const known = Object.values(ages);
  const begun = builds.map(({ startedAt }) => Date.parse(startedAt));
  const oldest = known.length > 0 ? Math.max(...known) * 1_000 : now.getTime() - Math.min(...begun);
  return {
    ages,
    daysSincePatch: known.length > 0 || begun.length > 0 ? oldest / DAY_MS : undefined,
    breakerOpen: isBreakerOpen(image, builds),
  };
}

function isBreakerOpen({ triggers }: Image, builds: readonly JudgedBuild[]): boolean {
  const newest = builds
    .filter(({ config }) => config !== undefined)
    .toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))
    .at(-1);
  return newest?.config !== undefined && failuresInARow(builds, newest.config) >= triggers.breaker.failures;
}
/** Where the factory's own metrics lie in CloudWatch. */
export const METRICS_NAMESPACE = "Amint";

/**
 * The factory's own metrics, each with its unit. All have the dimension `factory`; beside it
 * those of an image have `image`, of a channel `channel`, of findings `severity`.
 */
export const metricUnits = {
  /** From the start of a build until it was recorded as available. */
  BuildDuration: "Seconds",
  BuildsAvailable: "Count",
  BuildsFailed: "Count",
  BuildsCancelled: "Count",
  /** How long ago the build that a channel points at was started. */
  PromotedBuildAge: "Seconds",
  /** Days since the build was started that the image's channel furthest behind points at. */
  DaysSincePatch: "None",
  /** Findings of the scan of a build, after its updates were installed. */
  FindingsLeft: "Count",
  /** Times that a notice could not be told on SNS or on Slack, those included that were tried again. */
  NoticesFailed: "Count",
  /** 1 while too many builds failed for one to start by itself, else 0. */
  BreakerOpen: "None",
  /** From when an advisory was seen until 90 % of the instances that had it were replaced, or until now. */
  PatchedSeconds90: "Seconds",
  /** Instances that have an advisory which a clock runs for. */
  UnpatchedInstances: "Count",
} as const;

export type MetricName = keyof typeof metricUnits;
