import { notices } from "../notice/notices.ts";
import { arnOf, logicalName, resourceName, tags } from "./deployment.ts";

interface AlarmSettings {
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: "Sum" | "Maximum";
  readonly dimensions: Record<string, $util.Input<string>>;
  /** What is more than this is told; left out, everything above zero. */
  readonly above?: number;
  /** Left out, a minute. */
  readonly periodSeconds?: number;
  /** For what is told by the hour: it stays as it was until it is told anew. Left out, nothing heard is nothing wrong. */
  readonly missing?: "ignore";
}

/** ARNs of all that were made so far: the dashboard, which comes last, shows them. */
export const alarmArns: string[] = [];

/** Tells people as soon as a metric is above what it should be, and again when it is not. */
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
