import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { announceState } from "./announce-state.ts";
import { scheduleEvaluation, stopEvaluation } from "./evaluate-alarm.ts";
import { type Alarm, type AlarmState, alarmArn, alarmKey, metricsOf } from "./state.ts";
import { isComparison } from "./threshold.ts";

export const operations = {
  /** Makes an alarm on one metric's statistic, or changes one and keeps its state. */
  PutMetricAlarm: {
    authorize: ({ AlarmName = "" }, { aws, account, region }) => [
      { resources: [alarmArn(aws, account, region, AlarmName)] },
    ],
    run(settings, { aws, account, region }) {
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
      stopEvaluation(alarm);
      scheduleEvaluation(aws, alarm);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

function refuseWhatIsNotBuilt(settings: PutMetricAlarmInput): void {
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

const actionsOf = ({ AlarmActions = [], OKActions = [], InsufficientDataActions = [] }: PutMetricAlarmInput) => [
  ...AlarmActions,
  ...OKActions,
  ...InsufficientDataActions,
];

const MISSING_DATA = ["missing", "ignore", "breaching", "notBreaching"];

function check(settings: PutMetricAlarmInput): void {
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
