import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { type Alarm, type AlarmState, toDimensions } from "./state.ts";
import { timestamp } from "./timestamp.ts";

/** Puts `CloudWatch Alarm State Change` (CloudWatch user guide, "Alarm events and EventBridge"), whatever its actions are. */
export function announceState(aws: EmbeddedAws, alarm: Alarm, previous: AlarmState): void {
  const { account, region, name, arn, settings } = alarm;
  const metric = {
    namespace: settings.Namespace,
    metricName: settings.MetricName,
    dimensions: toDimensions(settings.Dimensions),
  };
  publishServiceEvent(aws, {
    account,
    region,
    source: "aws.cloudwatch",
    "detail-type": "CloudWatch Alarm State Change",
    resources: [arn],
    detail: {
      alarmName: name,
      state: toDetail({ value: alarm.state, reason: alarm.stateReason, since: alarm.stateChangedAt }),
      previousState: toDetail(previous),
      configuration: {
        description: settings.AlarmDescription ?? "",
        metrics: [
          {
            id: aws.uuid(),
            metricStat: { metric, period: settings.Period, stat: settings.Statistic },
            returnData: true,
          },
        ],
      },
    },
  });
}

const toDetail = ({ value, reason, since }: AlarmState) => ({ value, reason, timestamp: timestamp(since) });
