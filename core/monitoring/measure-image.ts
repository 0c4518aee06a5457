import { failuresInARow, type JudgedBuild } from "../build/decide-start.ts";
import type { Image } from "../factory/image-schema.ts";

const DAY_MS = 86_400_000;

/** The state of an image in the ledger that its metrics need. */
interface MeasuredState {
  readonly builds: readonly JudgedBuild[];
  readonly channels: Readonly<Record<string, { readonly startedAt: string }>>;
}

interface Measured {
  /** The age in seconds of each channel's build, since its start; channels without a build are not included. */
  readonly ages: Readonly<Record<string, number>>;
  /** Undefined if the image was never built. */
  readonly daysSincePatch: number | undefined;
  readonly breakerOpen: boolean;
}

/**
 * Measures how old an image's promoted builds are, and whether automatic builds are stopped. If no channel points at a
 * build, the age counts from the first attempt. The breaker is evaluated for the newest build's config: after a config
 * change closed it, it counts as open until the first build with the new config.
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

export function isBreakerOpen({ triggers }: Pick<Image, "triggers">, builds: readonly JudgedBuild[]): boolean {
  const newest = builds
    .filter(({ config }) => config !== undefined)
    .toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))
    .at(-1);
  return newest?.config !== undefined && failuresInARow(builds, newest.config) >= triggers.breaker.failures;
}
/** The CloudWatch namespace of the factory's metrics. */
export const METRICS_NAMESPACE = "Amint";

/**
 * The factory's metrics, with their CloudWatch units. All have the dimension `factory`; metrics of an image also have
 * `image`, of a channel `channel`, of findings `severity`.
 */
export const metricUnits = {
  /** From the start of a build until it was recorded as available. */
  BuildDuration: "Seconds",
  BuildsAvailable: "Count",
  BuildsFailed: "Count",
  BuildsCancelled: "Count",
  /** Time since the start of the build that a channel points at. */
  PromotedBuildAge: "Seconds",
  /** Days since the start of the oldest build that one of the image's channels points at. */
  DaysSincePatch: "None",
  /** Findings of a build's scan, after updates were installed. */
  FindingsLeft: "Count",
  /** Failed attempts to send a notice to SNS or Slack, including those that were retried. */
  NoticesFailed: "Count",
  /** 1 while the breaker is open and automatic builds are stopped, else 0. */
  BreakerOpen: "None",
  /** Time since an advisory was first seen until 90 % of the affected instances were replaced, or until now. */
  PatchedSeconds90: "Seconds",
  /** Instances with an advisory for which an exposure clock runs. */
  UnpatchedInstances: "Count",
} as const;

export type MetricName = keyof typeof metricUnits;
