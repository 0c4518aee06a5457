import type * as Sdk from "@aws-sdk/client-eventbridge";
import type { Inputs } from "./inputs.ts";
import { known, put, type ResourceType, tagList } from "./resource-type.ts";

function toTarget(inputs: Inputs, logicalName: string): Sdk.Target {
  const transformer = inputs.object("inputTransformer");
  const dead = inputs.object("deadLetterConfig");
  const retry = inputs.object("retryPolicy");
  return {
    Id: inputs.maybeText("targetId") ?? logicalName,
    Arn: inputs.text("arn"),
    RoleArn: inputs.maybeText("roleArn"),
    Input: inputs.json("input"),
    InputPath: inputs.maybeText("inputPath"),
    InputTransformer: transformer && {
      InputPathsMap: transformer.textMap("inputPaths"),
      InputTemplate: transformer.json("inputTemplate"),
    },
    DeadLetterConfig: dead && { Arn: dead.text("arn") },
    RetryPolicy: retry && {
      MaximumEventAgeInSeconds: retry.number("maximumEventAgeInSeconds"),
      MaximumRetryAttempts: retry.number("maximumRetryAttempts"),
    },
  };
}

export const eventBus: ResourceType = {
  async create(inputs, site) {
    const Name = inputs.text("name");
    const dead = inputs.object("deadLetterConfig");
    await site.call("events", "CreateEventBus", {
      Name,
      Description: inputs.maybeText("description"),
      KmsKeyIdentifier: inputs.maybeText("kmsKeyIdentifier"),
      DeadLetterConfig: dead && { Arn: dead.text("arn") },
      Tags: tagList(inputs),
    } satisfies Sdk.CreateEventBusCommandInput);
    return known(Name, `arn:aws:events:${site.region}:${site.account}:event-bus/${Name}`);
  },
  async update(inputs, site, before) {
    const dead = inputs.object("deadLetterConfig");
    await site.call("events", "UpdateEventBus", {
      Name: inputs.text("name"),
      Description: inputs.maybeText("description"),
      KmsKeyIdentifier: inputs.maybeText("kmsKeyIdentifier"),
      DeadLetterConfig: dead && { Arn: dead.text("arn") },
    } satisfies Sdk.UpdateEventBusCommandInput);
    inputs.drop("bus tags are not built", "tags");
    return before.attributes;
  },
  delete: ({ attributes: { name: Name } }, site) => site.call("events", "DeleteEventBus", { Name }),
  replacedBy: ["name"],
};

export const eventBusPolicy = put({
  async create(inputs, site) {
    const EventBusName = inputs.maybeText("eventBusName");
    const Policy = inputs.json("policy");
    await site.call("events", "PutPermission", { EventBusName, Policy } satisfies Sdk.PutPermissionCommandInput);
    return { id: EventBusName ?? "default" };
  },
  delete: ({ attributes: { id: EventBusName } }, site) =>
    site.call("events", "RemovePermission", { EventBusName, RemoveAllPermissions: true }),
  replacedBy: ["eventBusName"],
});

export const eventRule = put({
  async create(inputs, site) {
    const Name = inputs.text("name");
    const enabled = inputs.flag("isEnabled");
    const { RuleArn = "" } = await site.call<Sdk.PutRuleCommandOutput>("events", "PutRule", {
      Name,
      EventBusName: inputs.maybeText("eventBusName"),
      Description: inputs.maybeText("description"),
      EventPattern: inputs.json("eventPattern"),
      ScheduleExpression: inputs.maybeText("scheduleExpression"),
      State: inputs.maybeText<Sdk.RuleState>("state") ?? (enabled === false ? "DISABLED" : "ENABLED"),
      RoleArn: inputs.maybeText("roleArn"),
      Tags: tagList(inputs),
    } satisfies Sdk.PutRuleCommandInput);
    return known(Name, RuleArn);
  },
  delete({ inputs }, site) {
    const [Name, EventBusName] = [inputs.text("name"), inputs.maybeText("eventBusName")];
    return site.call("events", "DeleteRule", { Name, EventBusName });
  },
  replacedBy: ["name", "eventBusName"],
});

export const eventTarget = put({
  async create(inputs, site) {
    const Rule = inputs.text("rule");
    const EventBusName = inputs.maybeText("eventBusName");
    const target = toTarget(inputs, site.name);
    const { FailedEntries = [] } = await site.call<Sdk.PutTargetsCommandOutput>("events", "PutTargets", {
      Rule,
      EventBusName,
      Targets: [target],
    } satisfies Sdk.PutTargetsCommandInput);
    const [failed] = FailedEntries;
    if (failed) throw new Error(`target ${target.Arn} of rule ${Rule}: ${failed.ErrorCode}: ${failed.ErrorMessage}`);
    return { id: `${Rule}-${target.Id}` };
  },
  delete({ inputs }, site) {
    const [Rule, EventBusName] = [inputs.text("rule"), inputs.maybeText("eventBusName")];
    return site.call("events", "RemoveTargets", { Rule, EventBusName, Ids: [toTarget(inputs, site.name).Id] });
  },
  replacedBy: ["rule", "eventBusName", "targetId"],
});
