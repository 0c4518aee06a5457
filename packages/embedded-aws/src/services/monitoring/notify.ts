import type { StateValue } from "@aws-sdk/client-cloudwatch";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { servicePrincipal } from "../../engine/principal.ts";
import { type Alarm, recordHistory } from "./state.ts";

/** Runs an alarm's actions for its new state: notifies SNS topics with CloudWatch's JSON. */
export async function notify(aws: EmbeddedAws, alarm: Alarm, previous: StateValue): Promise<void> {
  if (alarm.settings.ActionsEnabled === false) return;
  const principal = servicePrincipal("cloudwatch.amazonaws.com", alarm.account, alarm.arn);
  const region = regionName(alarm.region);
  for (const topic of actionsFor(alarm)) {
    const input = {
      TopicArn: topic,
      Subject: `${alarm.state}: "${alarm.name}" in ${region}`.slice(0, 100),
      Message: JSON.stringify(message(alarm, previous)),
    };
    const said = (actionState: "Succeeded" | "Failed", summary: string, error?: string) =>
      recordHistory(aws, alarm, {
        type: "Action",
        summary,
        data: JSON.stringify({
          actionState,
          notificationResource: topic,
          stateUpdateTimestamp: alarm.stateChangedAt,
          error,
        }),
      });
    try {
      await aws.call("sns", "Publish", input, { principal, region: alarm.region });
      said("Succeeded", `Successfully executed action ${topic}`);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code === "NotImplemented") throw error;
      // CloudWatch does not retry: a topic that does not exist or denies access gets no notification.
      said("Failed", `Failed to execute action ${topic}. Received error: "${error.message}"`, error.message);
    }
  }
}

function actionsFor({ state, settings }: Alarm): readonly string[] {
  switch (state) {
    case "ALARM":
      return settings.AlarmActions ?? [];
    case "OK":
      return settings.OKActions ?? [];
    case "INSUFFICIENT_DATA":
      return settings.InsufficientDataActions ?? [];
  }
}

const message = (alarm: Alarm, previous: StateValue) => ({
  AlarmName: alarm.name,
  AlarmDescription: alarm.settings.AlarmDescription ?? null,
  AWSAccountId: alarm.account,
  AlarmConfigurationUpdatedTimestamp: timestamp(alarm.configuredAt),
  NewStateValue: alarm.state,
  NewStateReason: alarm.stateReason,
  StateChangeTime: timestamp(alarm.stateChangedAt),
  Region: regionName(alarm.region),
  AlarmArn: alarm.arn,
  OldStateValue: previous,
  OKActions: alarm.settings.OKActions ?? [],
  AlarmActions: alarm.settings.AlarmActions ?? [],
  InsufficientDataActions: alarm.settings.InsufficientDataActions ?? [],
  Trigger: {
    MetricName: alarm.settings.MetricName,
    Namespace: alarm.settings.Namespace,
    StatisticType: "Statistic",
    Statistic: (alarm.settings.Statistic ?? "Average").toUpperCase(),
    Unit: alarm.settings.Unit ?? null,
    Dimensions: (alarm.settings.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
    Period: alarm.settings.Period,
    EvaluationPeriods: alarm.settings.EvaluationPeriods,
    DatapointsToAlarm: alarm.settings.DatapointsToAlarm,
    ComparisonOperator: alarm.settings.ComparisonOperator,
    Threshold: alarm.settings.Threshold,
    TreatMissingData: alarm.settings.TreatMissingData ?? "missing",
    EvaluateLowSampleCountPercentile: alarm.settings.EvaluateLowSampleCountPercentile ?? "",
  },
});

const NAMES: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
  "ca-central-1": "Canada (Central)",
  "eu-central-1": "EU (Frankfurt)",
  "eu-central-2": "Europe (Zurich)",
  "eu-north-1": "EU (Stockholm)",
  "eu-south-1": "EU (Milan)",
  "eu-west-1": "EU (Ireland)",
  "eu-west-2": "EU (London)",
  "eu-west-3": "EU (Paris)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
  "ap-south-1": "Asia Pacific (Mumbai)",
};

/** A region's name in CloudWatch's notifications; its code if the name is not listed here. */
const regionName = (region: string): string => NAMES[region] ?? region;

/** CloudWatch's time format in alarm notifications: `2019-11-22T15:43:51.730+0000`. */
export const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString().replace("Z", "+0000");
