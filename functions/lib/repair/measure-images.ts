import { measureImage } from "../../../core/monitoring/measure-image.ts";
import { putMetrics } from "../metrics.ts";
import type { RepairStep, States } from "./repair.ts";

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
