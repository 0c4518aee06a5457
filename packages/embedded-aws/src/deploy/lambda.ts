import type {
  ComparisonOperator,
  PutDashboardCommandInput,
  PutMetricAlarmCommandInput,
  StandardUnit,
  Statistic,
} from "@aws-sdk/client-cloudwatch";
import type {
  AddPermissionCommandInput,
  CreateFunctionUrlConfigCommandInput,
  CreateFunctionUrlConfigCommandOutput,
  FunctionUrlAuthType,
  InvokeMode,
  PutFunctionConcurrencyCommandInput,
  PutFunctionEventInvokeConfigCommandInput,
} from "@aws-sdk/client-lambda";
import type {
  CreateStateMachineCommandInput,
  CreateStateMachineCommandOutput,
  StateMachineType,
} from "@aws-sdk/client-sfn";
import { assertAssumable } from "../services/iam/assert-assumable.ts";
import { createFunction as createFunctionFromSources } from "../services/lambda/create-function.ts";
import { type Creator, known, tagList } from "./creator.ts";

/** The provider's way to say that nothing is reserved. */
const UNRESERVED = -1;

export const createFunction: Creator = async (inputs, site) => {
  const name = inputs.text("name");
  if (site.handler === undefined) throw new Error("the blueprint does not say its handler");
  const environment = inputs.object("environment")?.textMap("variables");
  const deadLetterTargetArn = inputs.object("deadLetterConfig")?.text("targetArn");
  const [architecture, second] = inputs.texts("architectures") ?? [];
  if (inputs.texts("layers")?.length) throw new Error("layers: functions run from their sources, without layers");
  const packageType = inputs.maybeText("packageType") ?? "Zip";
  if (packageType !== "Zip") throw new Error(`packageType: functions run from their sources, not from ${packageType}`);
  if (second !== undefined) throw new Error(`architectures: a function has one, found ${architecture}, ${second}`);
  const role = inputs.text("role");
  assertAssumable(site.aws, role, "lambda.amazonaws.com");
  const { arn } = createFunctionFromSources(site.aws, site.account, site.region, {
    name,
    handler: site.handler,
    root: site.root,
    role,
    ...optional({
      environment,
      timeoutSeconds: inputs.number("timeout"),
      memoryMb: inputs.number("memorySize"),
      runtime: inputs.maybeText("runtime"),
      architecture,
      description: inputs.maybeText("description"),
      deadLetterTargetArn,
      tags: inputs.textMap("tags"),
    }),
  });
  const ReservedConcurrentExecutions = inputs.number("reservedConcurrentExecutions") ?? UNRESERVED;
  if (ReservedConcurrentExecutions !== UNRESERVED) {
    const concurrency: PutFunctionConcurrencyCommandInput = { FunctionName: name, ReservedConcurrentExecutions };
    await site.call("lambda", "PutFunctionConcurrency", concurrency);
  }
  inputs.drop("functions run from their sources", "code", "handler", "s3Bucket", "s3Key", "s3ObjectVersion");
  inputs.drop("functions run from their sources", "sourceCodeHash", "publish");
  inputs.drop("the folder for temporary files is this machine's", "ephemeralStorage");
  inputs.drop("there are neither logs nor traces to configure", "loggingConfig", "tracingConfig");
  return known(name, arn);
};

export const createPermission: Creator = async (inputs, site) => {
  const FunctionName = inputs.text("function");
  const StatementId = inputs.maybeText("statementId") ?? site.name;
  await site.call("lambda", "AddPermission", {
    FunctionName,
    StatementId,
    Action: inputs.text("action"),
    Principal: inputs.text("principal"),
    SourceArn: inputs.maybeText("sourceArn"),
    SourceAccount: inputs.maybeText("sourceAccount"),
    PrincipalOrgID: inputs.maybeText("principalOrgId"),
    FunctionUrlAuthType: inputs.maybeText<FunctionUrlAuthType>("functionUrlAuthType"),
    InvokedViaFunctionUrl: inputs.flag("invokedViaFunctionUrl"),
    Qualifier: inputs.maybeText("qualifier"),
  } satisfies AddPermissionCommandInput);
  return { id: StatementId };
};

/** The provider adds a public permission of its own to an address without authentication; here a program says what it needs. */
export const createFunctionUrl: Creator = async (inputs, site) => {
  const FunctionName = inputs.text("functionName");
  const cors = inputs.object("cors");
  const made = await site.call<CreateFunctionUrlConfigCommandOutput>("lambda", "CreateFunctionUrlConfig", {
    FunctionName,
    Qualifier: inputs.maybeText("qualifier"),
    AuthType: inputs.text<FunctionUrlAuthType>("authorizationType"),
    InvokeMode: inputs.maybeText<InvokeMode>("invokeMode"),
    Cors: cors && {
      AllowCredentials: cors.flag("allowCredentials"),
      AllowHeaders: cors.texts("allowHeaders"),
      AllowMethods: cors.texts("allowMethods"),
      AllowOrigins: cors.texts("allowOrigins"),
      ExposeHeaders: cors.texts("exposeHeaders"),
      MaxAge: cors.number("maxAge"),
    },
  } satisfies CreateFunctionUrlConfigCommandInput);
  const { FunctionUrl: functionUrl = "", FunctionArn: functionArn = "" } = made;
  return { id: FunctionName, functionUrl, functionArn };
};

export const createEventInvokeConfig: Creator = async (inputs, site) => {
  const FunctionName = inputs.text("functionName");
  const destinations = inputs.object("destinationConfig");
  const onFailure = destinations?.object("onFailure");
  const onSuccess = destinations?.object("onSuccess");
  await site.call("lambda", "PutFunctionEventInvokeConfig", {
    FunctionName,
    Qualifier: inputs.maybeText("qualifier"),
    MaximumEventAgeInSeconds: inputs.number("maximumEventAgeInSeconds"),
    MaximumRetryAttempts: inputs.number("maximumRetryAttempts"),
    DestinationConfig: destinations && {
      OnFailure: onFailure && { Destination: onFailure.text("destination") },
      OnSuccess: onSuccess && { Destination: onSuccess.text("destination") },
    },
  } satisfies PutFunctionEventInvokeConfigCommandInput);
  return { id: FunctionName };
};

/** Without the members that are undefined. */
const optional = <T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;

export const createStateMachine: Creator = async (inputs, site) => {
  const name = inputs.text("name");
  const roleArn = inputs.text("roleArn");
  const { stateMachineArn = "" } = await site.call<CreateStateMachineCommandOutput>("states", "CreateStateMachine", {
    name,
    roleArn,
    definition: inputs.json("definition"),
    type: inputs.maybeText<StateMachineType>("type"),
    publish: inputs.flag("publish"),
    tags: Object.entries(inputs.textMap("tags") ?? {}).map(([key, value]) => ({ key, value })),
  } satisfies CreateStateMachineCommandInput);
  inputs.drop("there are neither logs nor traces to configure", "loggingConfiguration", "tracingConfiguration");
  return { ...known(name, stateMachineArn), id: stateMachineArn };
};

export const createMetricAlarm: Creator = async (inputs, site) => {
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
    Statistic: inputs.maybeText<Statistic>("statistic"),
    ExtendedStatistic: inputs.maybeText("extendedStatistic"),
    Unit: inputs.maybeText<StandardUnit>("unit"),
    Period: inputs.number("period"),
    EvaluationPeriods: inputs.number("evaluationPeriods"),
    DatapointsToAlarm: inputs.number("datapointsToAlarm"),
    Threshold: inputs.number("threshold"),
    ComparisonOperator: inputs.text<ComparisonOperator>("comparisonOperator"),
    TreatMissingData: inputs.maybeText("treatMissingData"),
    Tags: tagList(inputs),
  } satisfies PutMetricAlarmCommandInput);
  return known(AlarmName, `arn:aws:cloudwatch:${site.region}:${site.account}:alarm:${AlarmName}`);
};

export const createDashboard: Creator = async (inputs, site) => {
  const DashboardName = inputs.text("dashboardName");
  const DashboardBody = inputs.text("dashboardBody");
  await site.call("monitoring", "PutDashboard", { DashboardName, DashboardBody } satisfies PutDashboardCommandInput);
  return known(DashboardName, `arn:aws:cloudwatch::${site.account}:dashboard/${DashboardName}`);
};
