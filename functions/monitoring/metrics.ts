import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { BuildRecord } from "../../adapters/build/builds.ts";
import { type MetricName, measureImage, metricUnits } from "../../core/monitoring/measure-image.ts";
import type { RepairStep, States } from "../repair/repair.ts";

const metrics = new Metrics();

// An image's metrics are the same whichever function tells them.
metrics.clearDefaultDimensions();

interface Dimensions {
  readonly factory: string;
  readonly image?: string;
  readonly channel?: string;
  readonly severity?: string;
}

/** Tells CloudWatch values of the factory's metrics by a line of the log, at once: what follows may fail. */
export function putMetrics(dimensions: Dimensions, values: Readonly<Partial<Record<MetricName, number>>>): void {
  const known = Object.entries(values) as [MetricName, number][];
  if (known.length === 0) return;
  for (const [name, value] of Object.entries(dimensions)) metrics.addDimension(name, value);
  for (const [name, value] of known) metrics.addMetric(name, metricUnits[name], value);
  metrics.publishStoredMetrics();
}

/** Counts one, at once: what follows may never come to its end. */
export const countMetric = (name: string): void => {
  metrics.singleMetric().addMetric(name, MetricUnit.Count, 1);
};

/** Tells CloudWatch what became of a build, and how long one took that is available. */
export function measureBuild(factory: string, { image, status, config, startedAt, endedAt }: BuildRecord): void {
  switch (status) {
    case "building":
      return;
    case "available": {
      // Nobody knows when one was started that the factory did not start: its config is unknown, too.
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

/** Tells CloudWatch how old is what people get, and which breakers are open. */
export function measureImages(states: States, { settings, now }: Pick<RepairStep, "settings" | "now">): void {
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
