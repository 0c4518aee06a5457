import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { requestTagContext } from "../tag-context.ts";
import { isComparison, scheduleEvaluation, stopEvaluation } from "./evaluate-alarm.ts";
import { timestamp } from "./notify.ts";
import { type Alarm, type AlarmState, alarmArn, alarmKey, metricsOf, recordHistory, toDimensions } from "./state.ts";

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
  /** Newest first by default. */
  DescribeAlarmHistory: {
    list: { items: "AlarmHistoryItems", usual: 100 },
    authorize: ({ AlarmName = "*" }, { aws, account, region }) => [
      { resources: [alarmArn(aws, account, region, AlarmName)] },
    ],
    run({ AlarmName, HistoryItemType, StartDate, EndDate, ScanBy }, { aws, account, region }) {
      const asked = metricsOf(aws, account, region).history.filter(
        ({ alarm, type, at }) =>
          (AlarmName === undefined || alarm === AlarmName) &&
          (HistoryItemType === undefined || type === HistoryItemType) &&
          at >= (StartDate?.getTime() ?? 0) &&
          at <= (EndDate?.getTime() ?? at),
      );
      const sorted = ScanBy === "TimestampAscending" ? asked : asked.toReversed();
      return {
        AlarmHistoryItems: sorted.map(({ alarm, at, type, summary, data }) => ({
          AlarmName: alarm,
          AlarmType: "MetricAlarm",
          Timestamp: new Date(at),
          HistoryItemType: type,
          HistorySummary: summary,
          HistoryData: data,
        })),
      };
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
    },
  },
  /** Creates an alarm on a metric's statistic, or changes one and keeps its state. */
  PutMetricAlarm: {
    authorize: ({ AlarmName = "", Tags = [] }, { aws, account, region }) => [
      {
        resources: [alarmArn(aws, account, region, AlarmName)],
        context: requestTagContext(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
      },
    ],
    run({ Tags = [], ...settings }, { aws, account, region }) {
      refuseWhatIsNotBuilt(settings);
      check(settings);
      const { alarms } = metricsOf(aws, account, region);
      const name = settings.AlarmName ?? "";
      const now = aws.clock.now();
      const known = alarms.get(name);
      const alarm = known ?? {
        name,
        arn: alarmArn(aws, account, region, name),
        account,
        region,
        announce: (changed: Alarm, previous: AlarmState) => announceState(aws, changed, previous),
        settings,
        // Tags of an existing alarm stay (API reference, PutMetricAlarm).
        tags: new Map(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
        key: "",
        configuredAt: now,
        state: "INSUFFICIENT_DATA" as const,
        stateReason: "Unchecked: Initial alarm creation",
        stateChangedAt: now,
        evaluationsLeft: 0,
        cancelEvaluation: undefined,
      };
      alarm.settings = settings;
      alarm.key = alarmKey(settings);
      alarm.configuredAt = now;
      alarms.set(name, alarm);
      recordHistory(aws, alarm, {
        type: "ConfigurationUpdate",
        summary: `Alarm "${name}" ${known ? "updated" : "created"}`,
        data: JSON.stringify({ version: "1.0", type: known ? "Update" : "Create" }),
      });
      stopEvaluation(alarm);
      scheduleEvaluation(aws, alarm);
    },
  },
} satisfies Operations<typeof Sdk>;

const described = (alarm: Alarm): Sdk.MetricAlarm => {
  return {
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Dimensions: [],
    ...alarm.settings,
    ActionsEnabled: alarm.settings.ActionsEnabled ?? true,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateUpdatedTimestamp: new Date(alarm.stateChangedAt),
    StateTransitionedTimestamp: new Date(alarm.stateChangedAt),
  };
};

/**
 * Publishes `CloudWatch Alarm State Change` (CloudWatch user guide, "Alarm events and EventBridge"), with or without
 * actions.
 */
function announceState(aws: EmbeddedAws, alarm: Alarm, previous: AlarmState): void {
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

function refuseWhatIsNotBuilt(settings: Sdk.PutMetricAlarmInput): void {
  const { Metrics, ExtendedStatistic, ComparisonOperator: operator } = settings;
  const what =
    (Metrics && "metric math") ||
    (ExtendedStatistic && `the statistic ${ExtendedStatistic}`) ||
    (operator && !isComparison(operator) && `the comparison ${operator}`) ||
    actionsOf(settings).find((arn) => !/^arn:[\w-]+:sns:/.test(arn));
  if (what) {
    throw new AwsError("NotImplemented", `cloudwatch:PutMetricAlarm with ${what} is not built in the embedded AWS`);
  }
}

const actionsOf = ({ AlarmActions = [], OKActions = [], InsufficientDataActions = [] }: Sdk.PutMetricAlarmInput) => [
  ...AlarmActions,
  ...OKActions,
  ...InsufficientDataActions,
];

const MISSING_DATA = ["missing", "ignore", "breaching", "notBreaching"];

function check(settings: Sdk.PutMetricAlarmInput): void {
  const { EvaluationPeriods = 0, DatapointsToAlarm, Period = 0, TreatMissingData } = settings;
  const required = ["AlarmName", "MetricName", "Namespace", "Statistic", "ComparisonOperator", "Threshold"] as const;
  const missing = required.find((name) => settings[name] === undefined);
  if (missing) throw refused("MissingParameter", `The parameter ${missing} is required.`);
  const isPeriod = Period === 10 || Period === 20 || Period === 30 || (Period > 0 && Period % 60 === 0);
  if (!isPeriod) throw refused("ValidationError", `Period must be 10, 20, 30 or a multiple of 60, not ${Period}.`);
  if (EvaluationPeriods < 1) throw refused("ValidationError", "EvaluationPeriods must be greater than or equal to 1.");
  if (DatapointsToAlarm !== undefined && DatapointsToAlarm > EvaluationPeriods) {
    throw refused("ValidationError", "DatapointsToAlarm must be between 1 and EvaluationPeriods.");
  }
  if (TreatMissingData !== undefined && !MISSING_DATA.includes(TreatMissingData)) {
    throw refused("ValidationError", `TreatMissingData must be one of ${MISSING_DATA.join(", ")}.`);
  }
}

const refused = (code: string, message: string): AwsError => new AwsError(code, message, { status: 400 });
