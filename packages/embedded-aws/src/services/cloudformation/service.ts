import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { describeStackInstance, listStackInstances } from "./stack-sets/describe-instances.ts";
import {
  describeStackSetOperation,
  listStackSetOperationResults,
  listStackSetOperations,
} from "./stack-sets/describe-operations.ts";
import {
  activateOrganizationsAccess,
  deactivateOrganizationsAccess,
  describeOrganizationsAccess,
} from "./stack-sets/organizations-access.ts";
import { createStackInstances, deleteStackInstances } from "./stack-sets/stack-instances.ts";
import {
  createStackSet,
  deleteStackSet,
  describeStackSet,
  listStackSets,
  updateStackSet,
} from "./stack-sets/stack-sets.ts";
import { createStack, updateStack } from "./stacks/create-stack.ts";
import { deleteStack } from "./stacks/delete-stack.ts";
import { describeStackEvents, describeStacks } from "./stacks/describe-stacks.ts";
import { getTemplate, validateTemplate } from "./stacks/get-template.ts";

/** AWS CloudFormation: stacks, and service-managed stack sets. */
export const service: Service = {
  name: "cloudformation",
  client: () => import("@aws-sdk/client-cloudformation"),
  operations: bindTokens(
    {
      ActivateOrganizationsAccess: activateOrganizationsAccess,
      CreateStack: createStack,
      CreateStackInstances: createStackInstances,
      CreateStackSet: createStackSet,
      DeactivateOrganizationsAccess: deactivateOrganizationsAccess,
      DeleteStack: deleteStack,
      DeleteStackInstances: deleteStackInstances,
      DeleteStackSet: deleteStackSet,
      DescribeOrganizationsAccess: describeOrganizationsAccess,
      DescribeStackEvents: describeStackEvents,
      DescribeStackInstance: describeStackInstance,
      DescribeStackSet: describeStackSet,
      DescribeStackSetOperation: describeStackSetOperation,
      DescribeStacks: describeStacks,
      GetTemplate: getTemplate,
      ListStackInstances: listStackInstances,
      ListStackSetOperationResults: listStackSetOperationResults,
      ListStackSetOperations: listStackSetOperations,
      ListStackSets: listStackSets,
      UpdateStack: updateStack,
      UpdateStackSet: updateStackSet,
      ValidateTemplate: validateTemplate,
    },
    { asked: "NextToken", given: "NextToken", refusal: "ValidationError" },
  ),
};
