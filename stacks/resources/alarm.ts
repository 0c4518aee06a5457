import { notices } from "../notice/notices.ts";
import { arnOf, logicalName, resourceName, tags } from "./deployment.ts";

interface AlarmSettings {
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: "Sum" | "Maximum";
  readonly dimensions: Record<string, $util.Input<string>>;
  /** The alarm fires above this value; default 0. */
  readonly above?: number;
  /** Default: 60. */
  readonly periodSeconds?: number;
  /** For hourly metrics: missing data keeps the state. By default missing data counts as OK. */
  readonly missing?: "ignore";
}

/** ARNs of all alarms created so far, for the dashboard, which is created last. */
export const alarmArns: string[] = [];

/** Notifies when a metric exceeds its threshold, and when it no longer does. */
export function alarm(name: string, settings: AlarmSettings): aws.cloudwatch.MetricAlarm {
  alarmArns.push(arnOf("cloudwatch", `alarm:${resourceName(name, 255)}`));
  return new aws.cloudwatch.MetricAlarm(`${logicalName(name)}Alarm`, {
    name: resourceName(name, 255),
    alarmDescription: settings.description,
    namespace: settings.namespace,
    metricName: settings.metric,
    statistic: settings.statistic,
    dimensions: settings.dimensions,
    period: settings.periodSeconds ?? 60,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: settings.above ?? 0,
    treatMissingData: settings.missing ?? "notBreaching",
    alarmActions: [notices.arn],
    okActions: [notices.arn],
    tags,
  });
}
