import type * as Sdk from "@aws-sdk/client-lambda";
import { assertAssumable } from "../services/iam/assert-assumable.ts";
import { createFunction as createFunctionFromSources } from "../services/lambda/create-function.ts";
import { updateFunctionSources } from "../services/lambda/update-function.ts";
import type { Inputs } from "./inputs.ts";
import type { Attributes } from "./references.ts";
import { type Create, known, put, type ResourceType, retag, type Site } from "./resource-type.ts";

/** The provider's value for no reserved concurrency. */
const UNRESERVED = -1;

const createFunction: Create = async (inputs, site) => {
  const { name, handler, role, deadLetterTargetArn, ...rest } = toFunction(inputs, site);
  const tags = inputs.textMap("tags");
  const { arn } = createFunctionFromSources(site.aws, site.account, site.region, {
    name,
    handler,
    root: site.root,
    role,
    ...optional({ ...rest, deadLetterTargetArn, tags }),
  });
  await reserve(inputs, undefined, site);
  return known(name, arn);
};

/** Inputs that creation and update share. */
function toFunction(inputs: Inputs, site: Site) {
  const name = inputs.text("name");
  if (site.handler === undefined) throw new Error("the blueprint does not say its handler");
  const [architecture, second] = inputs.texts("architectures") ?? [];
  if (inputs.texts("layers")?.length) throw new Error("layers: functions run from their sources, without layers");
  const packageType = inputs.maybeText("packageType") ?? "Zip";
  if (packageType !== "Zip") throw new Error(`packageType: functions run from their sources, not from ${packageType}`);
  if (second !== undefined) throw new Error(`architectures: a function has one, found ${architecture}, ${second}`);
  const role = inputs.text("role");
  assertAssumable(site.aws, role, "lambda.amazonaws.com");
  inputs.drop("functions run from their sources", "code", "handler", "s3Bucket", "s3Key", "s3ObjectVersion");
  inputs.drop("functions run from their sources", "sourceCodeHash", "publish");
  return {
    name,
    handler: site.handler,
    role,
    architecture,
    environment: inputs.object("environment")?.textMap("variables"),
    timeoutSeconds: inputs.number("timeout"),
    memoryMb: inputs.number("memorySize"),
    runtime: inputs.maybeText("runtime"),
    description: inputs.maybeText("description"),
    logging: toLoggingConfig(inputs.object("loggingConfig")),
    deadLetterTargetArn: inputs.object("deadLetterConfig")?.text("targetArn"),
    tracing: inputs.object("tracingConfig")?.text<Sdk.TracingMode>("mode"),
    ephemeralStorageMb: inputs.object("ephemeralStorage")?.number("size"),
  };
}

const toLoggingConfig = (inputs: Inputs | undefined): Sdk.LoggingConfig | undefined =>
  inputs && {
    LogFormat: inputs.maybeText<Sdk.LogFormat>("logFormat"),
    LogGroup: inputs.maybeText("logGroup"),
    ApplicationLogLevel: inputs.maybeText<Sdk.ApplicationLogLevel>("applicationLogLevel"),
    SystemLogLevel: inputs.maybeText<Sdk.SystemLogLevel>("systemLogLevel"),
  };

async function reserve(inputs: Inputs, before: Inputs | undefined, site: Site): Promise<void> {
  const FunctionName = inputs.text("name");
  const ReservedConcurrentExecutions = inputs.number("reservedConcurrentExecutions") ?? UNRESERVED;
  const was = before?.number("reservedConcurrentExecutions") ?? UNRESERVED;
  if (ReservedConcurrentExecutions === was) return;
  if (ReservedConcurrentExecutions === UNRESERVED)
    return site.call("lambda", "DeleteFunctionConcurrency", { FunctionName });
  const concurrency: Sdk.PutFunctionConcurrencyCommandInput = { FunctionName, ReservedConcurrentExecutions };
  await site.call("lambda", "PutFunctionConcurrency", concurrency);
}

/** Inputs do not show whether the sources changed, so each deployment makes functions load them again. */
export const lambdaFunction: ResourceType = {
  create: createFunction,
  async update(inputs, site, before) {
    const { name, role, ...is } = toFunction(inputs, site);
    await site.call("lambda", "UpdateFunctionConfiguration", {
      FunctionName: name,
      Role: role,
      Environment: { Variables: is.environment ?? {} },
      Timeout: is.timeoutSeconds ?? 3,
      MemorySize: is.memoryMb ?? 128,
      Runtime: is.runtime as Sdk.Runtime,
      Description: is.description ?? "",
      LoggingConfig: is.logging ?? { LogFormat: "Text" },
      DeadLetterConfig: { TargetArn: is.deadLetterTargetArn ?? "" },
      TracingConfig: { Mode: is.tracing ?? "PassThrough" },
      EphemeralStorage: { Size: is.ephemeralStorageMb ?? 512 },
    } satisfies Sdk.UpdateFunctionConfigurationCommandInput);
    await loadSources(name, site);
    await reserve(inputs, before.inputs, site);
    const Resource = before.attributes.arn;
    await retag(inputs, before, site, {
      service: "lambda",
      tag: (Tags) => ["TagResource", { Resource, Tags }],
      untag: (TagKeys) => ["UntagResource", { Resource, TagKeys }],
    });
    return before.attributes;
  },
  delete: ({ attributes: { name: FunctionName } }, site) => site.call("lambda", "DeleteFunction", { FunctionName }),
  async refresh({ attributes }, site) {
    await loadSources(attributes.name ?? "", site);
    return attributes;
  },
  replacedBy: ["name", "packageType"],
};

async function loadSources(name: string, { aws, account, region, root, handler = "" }: Site): Promise<void> {
  await updateFunctionSources(aws, account, region, name, { root, handler });
}

export const permission: ResourceType = {
  async create(inputs, site) {
    const FunctionName = inputs.text("function");
    // The provider generates a new one each time.
    const StatementId = inputs.maybeText("statementId") ?? `${site.name}-${site.aws.hexId(7)}`;
    await site.call("lambda", "AddPermission", {
      FunctionName,
      StatementId,
      Action: inputs.text("action"),
      Principal: inputs.text("principal"),
      SourceArn: inputs.maybeText("sourceArn"),
      SourceAccount: inputs.maybeText("sourceAccount"),
      PrincipalOrgID: inputs.maybeText("principalOrgId"),
      FunctionUrlAuthType: inputs.maybeText<Sdk.FunctionUrlAuthType>("functionUrlAuthType"),
      InvokedViaFunctionUrl: inputs.flag("invokedViaFunctionUrl"),
      Qualifier: inputs.maybeText("qualifier"),
    } satisfies Sdk.AddPermissionCommandInput);
    return { id: StatementId };
  },
  delete({ inputs, attributes: { id: StatementId } }, site) {
    const [FunctionName, Qualifier] = [inputs.text("function"), inputs.maybeText("qualifier")];
    return site.call("lambda", "RemovePermission", { FunctionName, StatementId, Qualifier });
  },
};

/** The provider adds a public permission to a URL without authentication; here the program states its permissions. */
const byUrl =
  (operation: "CreateFunctionUrlConfig" | "UpdateFunctionUrlConfig") =>
  async (inputs: Inputs, site: Site): Promise<Attributes> => {
    const FunctionName = inputs.text("functionName");
    const cors = inputs.object("cors");
    const made = await site.call<Sdk.CreateFunctionUrlConfigCommandOutput>("lambda", operation, {
      FunctionName,
      Qualifier: inputs.maybeText("qualifier"),
      AuthType: inputs.text<Sdk.FunctionUrlAuthType>("authorizationType"),
      InvokeMode: inputs.maybeText<Sdk.InvokeMode>("invokeMode"),
      Cors: cors && {
        AllowCredentials: cors.flag("allowCredentials"),
        AllowHeaders: cors.texts("allowHeaders"),
        AllowMethods: cors.texts("allowMethods"),
        AllowOrigins: cors.texts("allowOrigins"),
        ExposeHeaders: cors.texts("exposeHeaders"),
        MaxAge: cors.number("maxAge"),
      },
    } satisfies Sdk.CreateFunctionUrlConfigCommandInput);
    const { FunctionUrl: functionUrl = "", FunctionArn: functionArn = "" } = made;
    return { id: FunctionName, functionUrl, functionArn };
  };

export const functionUrl: ResourceType = {
  create: byUrl("CreateFunctionUrlConfig"),
  update: byUrl("UpdateFunctionUrlConfig"),
  delete({ inputs }, site) {
    const [FunctionName, Qualifier] = [inputs.text("functionName"), inputs.maybeText("qualifier")];
    return site.call("lambda", "DeleteFunctionUrlConfig", { FunctionName, Qualifier });
  },
  replacedBy: ["functionName", "qualifier"],
};

export const eventInvokeConfig = put({
  async create(inputs, site) {
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
    } satisfies Sdk.PutFunctionEventInvokeConfigCommandInput);
    return { id: FunctionName };
  },
  delete({ inputs }, site) {
    const [FunctionName, Qualifier] = [inputs.text("functionName"), inputs.maybeText("qualifier")];
    return site.call("lambda", "DeleteFunctionEventInvokeConfig", { FunctionName, Qualifier });
  },
  replacedBy: ["functionName", "qualifier"],
});
export const recursionConfig = put({
  async create(inputs, site) {
    const FunctionName = inputs.text("functionName");
    await setRecursiveLoop(site, FunctionName, inputs.text<Sdk.RecursiveLoop>("recursiveLoop"));
    return { id: FunctionName };
  },
  delete: ({ inputs }, site) => setRecursiveLoop(site, inputs.text("functionName"), "Terminate"),
  replacedBy: ["functionName"],
});

const setRecursiveLoop = (site: Site, FunctionName: string, RecursiveLoop: Sdk.RecursiveLoop) =>
  site.call("lambda", "PutFunctionRecursionConfig", {
    FunctionName,
    RecursiveLoop,
  } satisfies Sdk.PutFunctionRecursionConfigCommandInput);

/** Without the members that are undefined. */
const optional = <T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
