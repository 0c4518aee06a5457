import type * as Sdk from "@aws-sdk/client-cloudwatch";
import { type Create, known, put, tagList } from "./resource-type.ts";

const createMetricAlarm: Create = async (inputs, site) => {
  const AlarmName = inputs.text("name");
  await site.call("monitoring", "PutMetricAlarm", {
    AlarmName,
    AlarmDescription: inputs.maybeText("alarmDescription"),
    ActionsEnabled: inputs.flag("actionsEnabled"),
    AlarmActions: inputs.texts("alarmActions"),
    OKActions: inputs.texts("okActions"),
    InsufficientDataActions: inputs.texts("insufficientDataActions"),
    Namespace: inputs.maybeText("namespace"),
    MetricName: inputs.maybeText("metricName"),
    Dimensions: Object.entries(inputs.textMap("dimensions") ?? {}).map(([Name, Value]) => ({ Name, Value })),
    Statistic: inputs.maybeText<Sdk.Statistic>("statistic"),
    ExtendedStatistic: inputs.maybeText("extendedStatistic"),
    Unit: inputs.maybeText<Sdk.StandardUnit>("unit"),
    Period: inputs.number("period"),
    EvaluationPeriods: inputs.number("evaluationPeriods"),
    DatapointsToAlarm: inputs.number("datapointsToAlarm"),
    Threshold: inputs.number("threshold"),
    ComparisonOperator: inputs.text<Sdk.ComparisonOperator>("comparisonOperator"),
    TreatMissingData: inputs.maybeText("treatMissingData"),
    Tags: tagList(inputs),
  } satisfies Sdk.PutMetricAlarmCommandInput);
  return known(AlarmName, `arn:aws:cloudwatch:${site.region}:${site.account}:alarm:${AlarmName}`);
};

export const metricAlarm = put({
  create: createMetricAlarm,
  delete: ({ attributes: { name } }, site) => site.call("monitoring", "DeleteAlarms", { AlarmNames: [name] }),
  replacedBy: ["name"],
});

const createDashboard: Create = async (inputs, site) => {
  const DashboardName = inputs.text("dashboardName");
  const DashboardBody = inputs.text("dashboardBody");
  await site.call("monitoring", "PutDashboard", {
    DashboardName,
    DashboardBody,
  } satisfies Sdk.PutDashboardCommandInput);
  return known(DashboardName, `arn:aws:cloudwatch::${site.account}:dashboard/${DashboardName}`);
};

export const dashboard = put({
  create: createDashboard,
  delete: ({ attributes: { name } }, site) => site.call("monitoring", "DeleteDashboards", { DashboardNames: [name] }),
  replacedBy: ["dashboardName"],
});
