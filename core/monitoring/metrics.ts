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
} as const;

export type MetricName = keyof typeof metricUnits;
