import type * as Sdk from "@aws-sdk/client-cloudformation";
import type { Capability, Stack as DescribedStack, ResourceStatus } from "@aws-sdk/client-cloudformation";
import type { Operations } from "../../../engine/operation.ts";
import { notBuilt } from "../refusals.ts";
import { requireStack, type Stack, stacksOf } from "../state.ts";
import { hiding, shownParameters } from "../template/parameters.ts";
import { neededCapability, parseTemplate, requireKnownTypes, templateText } from "../template/parse-template.ts";
import { authorizeStack } from "./change-stack.ts";

const toStack = (stack: Stack): DescribedStack => ({
  StackId: stack.id,
  StackName: stack.name,
  ...(stack.source.template.Description && { Description: stack.source.template.Description }),
  Parameters: shownParameters(stack.source),
  CreationTime: new Date(stack.created),
  ...(stack.updated !== undefined && { LastUpdatedTime: new Date(stack.updated) }),
  ...(stack.deleted !== undefined && { DeletionTime: new Date(stack.deleted) }),
  StackStatus: stack.status,
  ...(stack.reason && { StackStatusReason: stack.reason }),
  DisableRollback: stack.disableRollback,
  EnableTerminationProtection: stack.terminationProtection,
  NotificationARNs: [],
  Capabilities: [...stack.source.capabilities] as Capability[],
  Outputs: stack.outputs.map(({ key, value, description }) => ({
    OutputKey: key,
    OutputValue: value,
    ...(description && { Description: description }),
  })),
  ...(stack.roleArn && { RoleARN: stack.roleArn }),
  Tags: [...stack.source.tags],
  DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
});

export const operations = {
  DescribeStacks: {
    list: "Stacks",
    authorize: (input, call) => (input.StackName === undefined ? [{}] : authorizeStack(call, input)),
    run({ StackName }, { aws, account, region }) {
      const found =
        StackName === undefined
          ? [...stacksOf(aws, account, region).values()].filter(({ status }) => status !== "DELETE_COMPLETE").reverse()
          : [requireStack(aws, account, region, StackName)];
      return { Stacks: found.map(toStack) };
    },
  },
  /** Newest first; a deleted stack is found only by its id. */
  DescribeStackEvents: {
    list: "StackEvents",
    authorize: (input, call) => authorizeStack(call, input),
    run({ StackName }, { aws, account, region }) {
      const stack = requireStack(aws, account, region, StackName);
      const hides = hiding(stack.source);
      return {
        StackEvents: [...stack.events].reverse().map((event) => ({
          StackId: stack.id,
          StackName: stack.name,
          EventId: event.id,
          LogicalResourceId: event.logicalId,
          PhysicalResourceId: event.physicalId,
          ResourceType: event.type,
          Timestamp: new Date(event.at),
          ResourceStatus: event.status as ResourceStatus,
          ...(event.reason && { ResourceStatusReason: event.reason }),
          ...(event.properties && { ResourceProperties: hides(JSON.stringify(event.properties)) }),
        })),
      };
    },
  },
  GetTemplate: {
    authorize: (input, call) => authorizeStack(call, input),
    run({ StackName, ChangeSetName }, { aws, account, region }) {
      if (ChangeSetName !== undefined) throw notBuilt("GetTemplate of a change set");
      const { source } = requireStack(aws, account, region, StackName);
      return { TemplateBody: source.text, StagesAvailable: ["Original", "Processed"] };
    },
  },
  ValidateTemplate: {
    run(input) {
      const template = parseTemplate(templateText(input));
      requireKnownTypes(template);
      const capability = neededCapability(template);
      return {
        ...(template.Description && { Description: template.Description }),
        Parameters: Object.entries(template.Parameters).map(([ParameterKey, { Default, Description, NoEcho }]) => ({
          ParameterKey,
          ...(Default !== undefined && { DefaultValue: String(Default) }),
          ...(Description && { Description }),
          NoEcho: String(NoEcho ?? false) === "true",
        })),
        ...(capability && {
          Capabilities: [capability],
          CapabilitiesReason: `The following resource(s) require capabilities: [${iamTypes(template.Resources).join(", ")}]`,
        }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

const iamTypes = (resources: Readonly<Record<string, { readonly Type: string }>>): string[] => [
  ...new Set(
    Object.values(resources)
      .map(({ Type }) => Type)
      .filter((type) => type.startsWith("AWS::IAM::")),
  ),
];
