import { expressionOf } from "../../core/schedule/next-dates.ts";
import { startBuild } from "../build/functions.ts";
import { watchCost } from "../cost/watch-cost.ts";
import { followExports } from "../export/follow-exports.ts";
import { reportFleet } from "../fleet/report-fleet.ts";
import { factory } from "../program/factory.ts";
import { reconcile } from "../repair/reconcile.ts";
import { SCHEDULED_TIME, scheduleFunction, scheduler } from "../resources/schedule.ts";
import { cleanUp } from "../retirement/clean-up.ts";
import { retire } from "../retirement/retire.ts";
import { watchExposure } from "../rollout/watch-exposure.ts";

const scheduleBuild = scheduler(startBuild, "start-build");
for (const [image, { triggers }] of Object.entries(factory.images)) {
  if (!triggers.schedule) continue;
  scheduleBuild(`build-${image}`, {
    description: `Starts builds of ${image}`,
    expression: expressionOf(triggers.schedule),
    timezone: triggers.schedule.timezone,
    window: triggers.schedule.window,
    input: { trigger: "schedule", image, scheduledTime: SCHEDULED_TIME },
  });
}

scheduleFunction(reconcile, "reconcile", {
  description: "Continues unfinished or overdue work, and compares published resources with AWS",
  expression: "rate(1 hour)",
});

scheduleFunction(cleanUp, "clean-up", {
  description: "Removes leftovers of failed builds and tests",
  expression: "rate(1 day)",
  window: 900,
});

scheduleFunction(retire, "retire", {
  description: "Retires unused builds: deprecates, disables, deregisters",
  expression: "rate(1 day)",
  window: 900,
});

if (reportFleet) {
  scheduleFunction(reportFleet, "tell-fleet", {
    // Once a month it requests usage reports from EC2, and on the following days it checks whether they are ready.
    description: "Monthly notice of which accounts run which builds",
    expression: "rate(1 day)",
    window: 900,
  });
}

if (watchCost) {
  scheduleFunction(watchCost, "watch-cost", {
    description: "Estimates what the month costs",
    expression: "rate(1 day)",
    window: 900,
  });
}

if (followExports) {
  scheduleFunction(followExports, "follow-exports", {
    description: "Continues exports, and removes exports of revoked and retired builds",
    expression: "rate(5 minutes)",
  });
}

if (watchExposure) {
  // Its role is for the schedule of close counts, which the function creates while a fix reaches instances.
  scheduler(watchExposure, "watch-exposure");
}
