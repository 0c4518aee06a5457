import { answered, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

const StackName = "web";
const StackSetName = "verifier";
const Template = (value: string) =>
  JSON.stringify({
    Description: "one parameter",
    Parameters: { Value: { Type: "String", Default: value } },
    Resources: {
      P: { Type: "AWS::SSM::Parameter", Properties: { Name: "/stack/p", Type: "String", Value: { Ref: "Value" } } },
    },
    Outputs: { Name: { Value: { Ref: "P" } } },
  });
const invalid = "400 ValidationError";
const OperationId = ref("instances.OperationId");
const targets = { DeploymentTargets: { OrganizationalUnitIds: ["r-exam"] }, Regions: ["eu-west-1"] };

export const STACK_CALLS: readonly FactoryCall[] = ofService("cloudformation", [
  answered(
    "ValidateTemplate",
    { TemplateBody: Template("one <é>") },
    { "Parameters.0.DefaultValue": "one <é>", Description: "one parameter" },
  ),
  refused(
    "ValidateTemplate",
    { TemplateBody: "Resources: {}" },
    `${invalid}: Template format error: At least one Resources member must be defined.`,
  ),
  answered("CreateStack", { StackName, TemplateBody: Template("one") }, { StackId: PRESENT }),
  refused(
    "CreateStack",
    { StackName, TemplateBody: Template("one") },
    "400 AlreadyExistsException: Stack [web] already exists",
  ),
  answered(
    "DescribeStacks",
    { StackName },
    { "Stacks.0.StackStatus": "CREATE_COMPLETE", "Stacks.0.Outputs.0.OutputValue": "/stack/p" },
    { after: 2 },
  ),
  answered(
    "DescribeStackEvents",
    { StackName },
    { "StackEvents.0.ResourceStatus": "CREATE_COMPLETE", "StackEvents.0.Timestamp": PRESENT },
  ),
  answered("GetTemplate", { StackName }, { TemplateBody: PRESENT }),
  answered("UpdateStack", { StackName, TemplateBody: Template("two") }, { StackId: PRESENT }),
  refused("UpdateStack", { StackName, TemplateBody: Template("two") }, `${invalid}: No updates are to be performed.`, {
    after: 2,
  }),
  answered("DeleteStack", { StackName }),
  refused("DescribeStacks", { StackName }, `${invalid}: Stack with id web does not exist`, { after: 2 }),
  // The part that clients from 2022 support; StackSets' own part is seeded.
  answered("organizations:EnableAWSServiceAccess", {
    ServicePrincipal: "member.org.stacksets.cloudformation.amazonaws.com",
  }),
  answered("ActivateOrganizationsAccess", {}, {}, { since: 2023 }),
  answered("DescribeOrganizationsAccess", {}, { Status: "ENABLED" }, { since: 2023 }),
  answered(
    "CreateStackSet",
    {
      StackSetName,
      TemplateBody: Template("one"),
      PermissionModel: "SERVICE_MANAGED",
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    },
    { StackSetId: PRESENT },
  ),
  answered("DescribeStackSet", { StackSetName }, { "StackSet.AutoDeployment.Enabled": true }),
  answered("ListStackSets", { Status: "ACTIVE" }, { "Summaries.0.StackSetName": StackSetName }),
  answered("CreateStackInstances", { StackSetName, ...targets }, { OperationId: PRESENT }, { as: "instances" }),
  answered(
    "DescribeStackSetOperation",
    { StackSetName, OperationId },
    { "StackSetOperation.Status": "SUCCEEDED", "StackSetOperation.Action": "CREATE" },
    { after: 10 },
  ),
  answered("ListStackSetOperations", { StackSetName }, { "Summaries.0.Status": "SUCCEEDED" }),
  answered("ListStackSetOperationResults", { StackSetName, OperationId }, { Summaries: PRESENT }),
  answered("ListStackInstances", { StackSetName }, { Summaries: PRESENT }),
  refused(
    "DescribeStackInstance",
    { StackSetName, StackInstanceAccount: "111122223333", StackInstanceRegion: "eu-west-1" },
    "404 StackInstanceNotFoundException: not found",
  ),
  answered("UpdateStackInstances", { StackSetName, ...targets }, { OperationId: PRESENT }),
  refused(
    "UpdateStackInstances",
    { StackSetName, ...targets, Regions: ["eu-west-3"] },
    "404 StackInstanceNotFoundException: not found",
  ),
  answered("UpdateStackSet", { StackSetName, TemplateBody: Template("two") }, { OperationId: PRESENT }, { after: 10 }),
  answered(
    "DeleteStackInstances",
    { StackSetName, ...targets, RetainStacks: false },
    { OperationId: PRESENT },
    { after: 10 },
  ),
  refused("DeleteStackSet", { StackSetName }, "409 OperationInProgressException: Another Operation on StackSet"),
  answered("DeleteStackSet", { StackSetName }, {}, { after: 10 }),
  refused("DescribeStackSet", { StackSetName }, "404 StackSetNotFoundException"),
  answered("DeactivateOrganizationsAccess", {}, {}, { since: 2023 }),
]);
