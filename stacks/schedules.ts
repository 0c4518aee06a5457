import type { Image } from "../core/factory/image-schema.ts";
import { patchDayCron } from "../core/patch-day.ts";
import factory from "../factory.config.ts";
import { reconcile } from "./functions/reconcile.ts";
import { startBuild } from "./functions/start-build.ts";
import { SCHEDULED_TIME, scheduler } from "./schedule.ts";

type Schedule = NonNullable<Image["triggers"]["schedule"]>;

/** Patch day is no cron: the schedule runs on every date that can be it, and `start-build` knows which one is. */
const expressionOf = (schedule: Schedule): string =>
  schedule.kind === "patch-tuesday" ? patchDayCron(schedule) : schedule.expression;

const scheduleBuild = scheduler(startBuild, "start-build");
for (const [image, { triggers }] of Object.entries(factory.images)) {
  if (!triggers.schedule) continue;
  scheduleBuild(`build-${image}`, {
    description: `Starts builds of ${image}`,
    expression: expressionOf(triggers.schedule),
    timezone: triggers.schedule.timezone,
    input: { trigger: "schedule", image, scheduledTime: SCHEDULED_TIME },
  });
}

scheduler(reconcile, "reconcile")("reconcile", {
  description: "Repairs what lost events left standing",
  expression: "rate(1 hour)",
  timezone: "UTC",
  input: { scheduledTime: SCHEDULED_TIME },
});
