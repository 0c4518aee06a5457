import type { Clock } from "../../core/rollout/clock.ts";
import { exposureMetrics } from "../../core/rollout/patched.ts";
import type { Invocation } from "../invocation.ts";
import { putMetrics } from "../monitoring/metrics.ts";

/** Writes CloudWatch metrics by image: how long advisories have been open, and how many instances they affect. */
export function measureExposure(
  clocks: readonly Clock[],
  { settings, now }: Pick<Invocation, "settings" | "now">,
): void {
  for (const [image, own] of Map.groupBy(clocks, (clock) => clock.image)) {
    putMetrics({ factory: settings.factory.name, image }, exposureMetrics(own, now));
  }
}
