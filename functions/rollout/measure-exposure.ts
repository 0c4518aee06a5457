import type { Clock } from "../../core/rollout/clock.ts";
import { exposureMetrics } from "../../core/rollout/patched.ts";
import { putMetrics } from "../monitoring/metrics.ts";
import type { Step } from "../step.ts";

/** Tells CloudWatch, image by image, how long advisories have been open and how many instances have them. */
export function measureExposure(clocks: readonly Clock[], { settings, now }: Pick<Step, "settings" | "now">): void {
  for (const [image, own] of Map.groupBy(clocks, (clock) => clock.image)) {
    putMetrics({ factory: settings.factory.name, image }, exposureMetrics(own, now));
  }
}
