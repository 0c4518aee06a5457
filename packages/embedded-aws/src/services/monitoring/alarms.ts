import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { stopEvaluation } from "./evaluate-alarm.ts";
import { type Alarm, alarmArn, metricsOf } from "./state.ts";

export const operations = {
  DescribeAlarms: {
    list: { items: "MetricAlarms", usual: 50 },
    authorize: (_, { aws, account, region }) => [{ resources: [alarmArn(aws, account, region, "*")] }],
    run({ AlarmNames, AlarmNamePrefix = "", StateValue }, { aws, account, region }) {
      const alarms = [...metricsOf(aws, account, region).alarms.values()]
        .filter((alarm) => (AlarmNames ? AlarmNames.includes(alarm.name) : alarm.name.startsWith(AlarmNamePrefix)))
        .filter((alarm) => StateValue === undefined || alarm.state === StateValue)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return { MetricAlarms: alarms.map(described), CompositeAlarms: [] };
    },
  },
  DeleteAlarms: {
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
  },
} satisfies Operations<typeof Sdk>;

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
