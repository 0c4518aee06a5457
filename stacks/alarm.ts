import { logicalName, resourceName, tags } from "./deployment.ts";
import { notices } from "./notices.ts";

interface AlarmSettings {
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: "Sum" | "Maximum";
  readonly dimensions: Record<string, $util.Input<string>>;
}

/** Tells people as soon as a metric that should be zero is not, and again when it is. */
export function alarm(name: string, settings: AlarmSettings): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(`${logicalName(name)}Alarm`, {
    name: resourceName(name, 255),
    alarmDescription: settings.description,
    namespace: settings.namespace,
    metricName: settings.metric,
    statistic: settings.statistic,
    dimensions: settings.dimensions,
    period: 60,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    treatMissingData: "notBreaching",
    alarmActions: [notices.arn],
    okActions: [notices.arn],
    tags,
  });
}
