import type * as Sdk from "@aws-sdk/client-cloudwatch";
import type { CreateLogGroupCommandInput, LogGroupClass } from "@aws-sdk/client-cloudwatch-logs";
import type { Inputs } from "./inputs.ts";
import { byResourceArn, known, put, type ResourceType, retag, type Site, tagList } from "./resource-type.ts";

export const metricAlarm = put({
  async create(inputs, site) {
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
  },
  delete: ({ attributes: { name } }, site) => site.call("monitoring", "DeleteAlarms", { AlarmNames: [name] }),
  replacedBy: ["name"],
});

export const dashboard = put({
  async create(inputs, site) {
    const DashboardName = inputs.text("dashboardName");
    const DashboardBody = inputs.text("dashboardBody");
    await site.call("monitoring", "PutDashboard", {
      DashboardName,
      DashboardBody,
    } satisfies Sdk.PutDashboardCommandInput);
    return known(DashboardName, `arn:aws:cloudwatch::${site.account}:dashboard/${DashboardName}`);
  },
  delete: ({ attributes: { name } }, site) => site.call("monitoring", "DeleteDashboards", { DashboardNames: [name] }),
  replacedBy: ["dashboardName"],
});

/** The provider's value for events that never expire. */
const NEVER = 0;

async function retain(inputs: Inputs, before: Inputs | undefined, site: Site): Promise<void> {
  const logGroupName = inputs.text("name");
  const retentionInDays = inputs.number("retentionInDays") ?? NEVER;
  if (retentionInDays === (before?.number("retentionInDays") ?? NEVER)) return;
  if (retentionInDays === NEVER) await site.call("logs", "DeleteRetentionPolicy", { logGroupName });
  else await site.call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays });
}

async function encrypt(inputs: Inputs, before: Inputs, site: Site): Promise<void> {
  const logGroupName = inputs.text("name");
  const kmsKeyId = inputs.maybeText("kmsKeyId");
  if (kmsKeyId === before.maybeText("kmsKeyId")) return;
  if (kmsKeyId) await site.call("logs", "AssociateKmsKey", { logGroupName, kmsKeyId });
  else await site.call("logs", "DisassociateKmsKey", { logGroupName });
}

export const logGroup: ResourceType = {
  async create(inputs, site) {
    const logGroupName = inputs.text("name");
    await site.call("logs", "CreateLogGroup", {
      logGroupName,
      kmsKeyId: inputs.maybeText("kmsKeyId"),
      logGroupClass: inputs.maybeText<LogGroupClass>("logGroupClass"),
      tags: inputs.textMap("tags"),
    } satisfies CreateLogGroupCommandInput);
    await retain(inputs, undefined, site);
    return known(logGroupName, `arn:aws:logs:${site.region}:${site.account}:log-group:${logGroupName}`);
  },
  async update(inputs, site, before) {
    await retain(inputs, before.inputs, site);
    await encrypt(inputs, before.inputs, site);
    await retag(inputs, before, site, byResourceArn("logs", before.attributes.arn));
    return before.attributes;
  },
  async delete({ inputs, attributes: { name: logGroupName } }, site) {
    if (inputs.flag("skipDestroy")) return;
    await site.call("logs", "DeleteLogGroup", { logGroupName });
  },
  replacedBy: ["name", "logGroupClass"],
};
