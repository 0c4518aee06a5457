import { METRICS_NAMESPACE, type MetricName } from "../../core/monitoring/measure-image.ts";
import { staleAfter } from "../../core/monitoring/stale-after.ts";
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
