import { METRICS_NAMESPACE, type MetricName } from "../../core/monitoring/measure-image.ts";
import { staleAfter } from "../../core/monitoring/stale-after.ts";
import { rolledOutChannels } from "../../core/rollout/opening.ts";
import { factory } from "../program/factory.ts";
import { alarm } from "../resources/alarm.ts";

const DAY = 86_400;

/** Hourly metrics of an image from `reconcile`. */
const byTheHour = (image: string, metric: MetricName) =>
  ({
    namespace: METRICS_NAMESPACE,
    metric,
    statistic: "Maximum",
    dimensions: { factory: factory.name, image },
    periodSeconds: 3600,
    missing: "ignore",
  }) as const;

for (const name of Object.keys(factory.images)) {
  const limit = staleAfter(factory.images, name);
  if (limit !== undefined) {
    const days = limit / DAY;
    alarm(`${name}-stale`, {
      description: `A channel of ${name} points at a build that is more than ${days} days old.`,
      ...byTheHour(name, "DaysSincePatch"),
      above: days,
    });
  }
  alarm(`${name}-breaker-open`, {
    description: `Too many builds of ${name} failed in a row: automatic builds are paused.`,
    ...byTheHour(name, "BreakerOpen"),
  });
}

const { patched90 } = factory.objectives;
if (patched90 !== undefined) {
  const hours = patched90 / 3600;
  for (const image of new Set(rolledOutChannels(factory).map((one) => one.image))) {
    alarm(`${image}-patched-late`, {
      description: `More than ${hours} hours after an advisory on ${image} was found, less than 90 % of the instances are patched.`,
      namespace: METRICS_NAMESPACE,
      metric: "PatchedSeconds90" satisfies MetricName,
      statistic: "Maximum",
      dimensions: { factory: factory.name, image },
      above: patched90,
      // Covers three hourly counts, because one may be late.
      periodSeconds: 3 * 3600,
    });
  }
}

// Lambda tries three times within minutes: three failures mean one lost event, or several events at risk.
alarm("notices-failed", {
  description: "Notices could not be sent to SNS or Slack three times within 15 minutes.",
  namespace: METRICS_NAMESPACE,
  metric: "NoticesFailed" satisfies MetricName,
  statistic: "Sum",
  dimensions: { factory: factory.name },
  above: 2,
  periodSeconds: 900,
});
