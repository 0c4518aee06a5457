import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { BuildRecord } from "../../adapters/build/builds.ts";
import { type MetricName, measureImage, metricUnits } from "../../core/monitoring/measure-image.ts";
import type { RepairInvocation, States } from "../repair/repair.ts";

const metrics = new Metrics();

// An image's metrics have the same dimensions in every function.
metrics.clearDefaultDimensions();

interface Dimensions {
  readonly factory: string;
  readonly image?: string;
  readonly channel?: string;
  readonly severity?: string;
}

/** Writes metrics to CloudWatch by a log line, immediately: later steps may fail. */
export function putMetrics(dimensions: Dimensions, values: Readonly<Partial<Record<MetricName, number>>>): void {
  const known = Object.entries(values) as [MetricName, number][];
  if (known.length === 0) return;
  for (const [name, value] of Object.entries(dimensions)) metrics.addDimension(name, value);
  for (const [name, value] of known) metrics.addMetric(name, metricUnits[name], value);
  metrics.publishStoredMetrics();
}

/** Counts one, immediately: later steps may fail. */
export const countMetric = (name: string): void => {
  metrics.singleMetric().addMetric(name, MetricUnit.Count, 1);
};

/** Writes metrics of a build's result, and of an available build's duration. */
export function measureBuild(factory: string, { image, status, config, startedAt, endedAt }: BuildRecord): void {
  switch (status) {
    case "building":
      return;
    case "available": {
      // The start of a build from outside the factory is unknown, and so is its config.
      const known = config !== undefined && endedAt !== undefined;
      const seconds = known ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000 : undefined;
      putMetrics({ factory, image }, { BuildsAvailable: 1, ...(seconds !== undefined && { BuildDuration: seconds }) });
      return;
    }
    case "failed":
      putMetrics({ factory, image }, { BuildsFailed: 1 });
      return;
    case "cancelled":
      putMetrics({ factory, image }, { BuildsCancelled: 1 });
      return;
  }
}

/** Writes metrics of the age of promoted builds, and of open breakers. */
export function measureImages(states: States, { settings, now }: Pick<RepairInvocation, "settings" | "now">): void {
  const { name: factory, images } = settings.factory;
  for (const [image, config] of Object.entries(images)) {
    const state = states.get(image);
    if (!state) continue;
    const { ages, daysSincePatch, breakerOpen } = measureImage(config, state, now);
    const days = daysSincePatch === undefined ? {} : { DaysSincePatch: daysSincePatch };
    putMetrics({ factory, image }, { BreakerOpen: breakerOpen ? 1 : 0, ...days });
    for (const [channel, age] of Object.entries(ages))
      putMetrics({ factory, image, channel }, { PromotedBuildAge: age });
  }
}
