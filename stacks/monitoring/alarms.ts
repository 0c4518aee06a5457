import { METRICS_NAMESPACE, type MetricName } from "../../core/monitoring/measure-image.ts";
import { staleAfter } from "../../core/monitoring/stale-after.ts";
import { rolledOutChannels } from "../../core/rollout/rolled-out.ts";
import { factory } from "../program/given.ts";
import { alarm } from "../resources/alarm.ts";

const DAY = 86_400;

/** What `reconcile` tells of an image by the hour. */
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
      description: `What a channel of ${name} gives people was built more than ${days} days ago.`,
      ...byTheHour(name, "DaysSincePatch"),
      above: days,
    });
  }
  alarm(`${name}-breaker-open`, {
    description: `Too many builds of ${name} failed in a row: none starts by itself.`,
    ...byTheHour(name, "BreakerOpen"),
  });
}

const { patched90 } = factory.objectives;
if (patched90 !== undefined) {
  const hours = patched90 / 3600;
  for (const image of new Set(rolledOutChannels(factory).map((one) => one.image))) {
    alarm(`${image}-patched-late`, {
      description: `An advisory on ${image} was seen more than ${hours} hours ago, and not 90 % of the instances are patched.`,
      namespace: METRICS_NAMESPACE,
      metric: "PatchedSeconds90" satisfies MetricName,
      statistic: "Maximum",
      dimensions: { factory: factory.name, image },
      above: patched90,
      // Three looks: one of them may be late.
      periodSeconds: 900,
    });
  }
}

// Lambda tries three times in some minutes: so many failures are an event that is lost, or a few that may be.
alarm("notices-failed", {
  description: "People were not told of something, on SNS or on Slack, three times in a quarter of an hour.",
  namespace: METRICS_NAMESPACE,
  metric: "NoticesFailed" satisfies MetricName,
  statistic: "Sum",
  dimensions: { factory: factory.name },
  above: 2,
  periodSeconds: 900,
});
