import type {
  DeleteAlarmsInput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../engine/aws-error.ts";
import { operation } from "../../engine/operation.ts";
import { paginate } from "../paginate.ts";
import { stopEvaluation } from "./evaluate-alarm.ts";
import { type Alarm, alarmArn, metricsOf } from "./state.ts";

export const describeAlarms = operation<DescribeAlarmsInput, DescribeAlarmsOutput>({
  authorize: (_, { aws, account, region }) => [{ resources: [alarmArn(aws, account, region, "*")] }],
  run({ AlarmNames, AlarmNamePrefix = "", StateValue, NextToken, MaxRecords = 50 }, { aws, account, region }) {
    const alarms = [...metricsOf(aws, account, region).alarms.values()]
      .filter((alarm) => (AlarmNames ? AlarmNames.includes(alarm.name) : alarm.name.startsWith(AlarmNamePrefix)))
      .filter((alarm) => StateValue === undefined || alarm.state === StateValue)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = paginate(alarms, NextToken, MaxRecords, "InvalidNextToken");
    return { MetricAlarms: page.items.map(described), CompositeAlarms: [], NextToken: page.next };
  },
});

export const deleteAlarms = operation<DeleteAlarmsInput, Record<string, never>>({
  authorize: ({ AlarmNames = [] }, { aws, account, region }) => [
    { resources: AlarmNames.map((name) => alarmArn(aws, account, region, name)) },
  ],
  run({ AlarmNames = [] }, { aws, account, region }) {
    const { alarms } = metricsOf(aws, account, region);
    const unknown = AlarmNames.filter((name) => !alarms.has(name));
    if (unknown.length > 0) throw new AwsError("ResourceNotFound", `Unknown alarms: ${unknown.join(", ")}`);
    for (const name of AlarmNames) {
      const alarm = alarms.get(name);
      if (alarm) stopEvaluation(alarm);
      alarms.delete(name);
    }
    return {};
  },
});

const described = (alarm: Alarm): MetricAlarm => {
  const { Tags: _, ...settings } = alarm.settings;
  return {
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Dimensions: [],
    ...settings,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateUpdatedTimestamp: new Date(alarm.stateChangedAt),
    StateTransitionedTimestamp: new Date(alarm.stateChangedAt),
  };
};
