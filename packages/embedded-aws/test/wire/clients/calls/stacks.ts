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
  answered("ValidateTemplate", { TemplateBody: Template("one <é>") }).says({
    "Parameters.0.DefaultValue": "one <é>",
    Description: "one parameter",
  }),
  refused("ValidateTemplate", { TemplateBody: "Resources: {}" }).with(
    `${invalid}: Template format error: At least one Resources member must be defined.`,
  ),
  answered("CreateStack", { StackName, TemplateBody: Template("one") }).says({ StackId: PRESENT }),
  refused("CreateStack", { StackName, TemplateBody: Template("one") }).with(
    "400 AlreadyExistsException: Stack [web] already exists",
  ),
  answered("DescribeStacks", { StackName }, { after: 2 }).says({
    "Stacks.0.StackStatus": "CREATE_COMPLETE",
    "Stacks.0.Outputs.0.OutputValue": "/stack/p",
  }),
  answered("DescribeStackEvents", { StackName }).says({
    "StackEvents.0.ResourceStatus": "CREATE_COMPLETE",
    "StackEvents.0.Timestamp": PRESENT,
  }),
  answered("GetTemplate", { StackName }).says({ TemplateBody: PRESENT }),
  answered("UpdateStack", { StackName, TemplateBody: Template("two") }).says({ StackId: PRESENT }),
  refused("UpdateStack", { StackName, TemplateBody: Template("two") }, { after: 2 }).with(
    `${invalid}: No updates are to be performed.`,
  ),
  answered("DeleteStack", { StackName }),
  refused("DescribeStacks", { StackName }, { after: 2 }).with(`${invalid}: Stack with id web does not exist`),
  // The part that clients from 2022 support; StackSets' own part is seeded.
  answered("organizations:EnableAWSServiceAccess", {
    ServicePrincipal: "member.org.stacksets.cloudformation.amazonaws.com",
  }),
  answered("ActivateOrganizationsAccess", {}, { since: 2023 }),
  answered("DescribeOrganizationsAccess", {}, { since: 2023 }).says({ Status: "ENABLED" }),
  answered("CreateStackSet", {
    StackSetName,
    TemplateBody: Template("one"),
    PermissionModel: "SERVICE_MANAGED",
    AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
  }).says({ StackSetId: PRESENT }),
  answered("DescribeStackSet", { StackSetName }).says({ "StackSet.AutoDeployment.Enabled": true }),
  answered("ListStackSets", { Status: "ACTIVE" }).says({ "Summaries.0.StackSetName": StackSetName }),
  answered("CreateStackInstances as instances", { StackSetName, ...targets }).says({ OperationId: PRESENT }),
  answered("DescribeStackSetOperation", { StackSetName, OperationId }, { after: 10 }).says({
    "StackSetOperation.Status": "SUCCEEDED",
    "StackSetOperation.Action": "CREATE",
  }),
  answered("ListStackSetOperations", { StackSetName }).says({ "Summaries.0.Status": "SUCCEEDED" }),
  answered("ListStackSetOperationResults", { StackSetName, OperationId }).says({ Summaries: PRESENT }),
  answered("ListStackInstances", { StackSetName }).says({ Summaries: PRESENT }),
  refused("DescribeStackInstance", {
    StackSetName,
    StackInstanceAccount: "111122223333",
    StackInstanceRegion: "eu-west-1",
  }).with("404 StackInstanceNotFoundException: not found"),
  answered("UpdateStackInstances", { StackSetName, ...targets }).says({ OperationId: PRESENT }),
  refused("UpdateStackInstances", { StackSetName, ...targets, Regions: ["eu-west-3"] }).with(
    "404 StackInstanceNotFoundException: not found",
  ),
  answered("UpdateStackSet", { StackSetName, TemplateBody: Template("two") }, { after: 10 }).says({
    OperationId: PRESENT,
  }),
  answered("DeleteStackInstances", { StackSetName, ...targets, RetainStacks: false }, { after: 10 }).says({
    OperationId: PRESENT,
  }),
  refused("DeleteStackSet", { StackSetName }).with("409 OperationInProgressException: Another Operation on StackSet"),
  answered("DeleteStackSet", { StackSetName }, { after: 10 }),
  refused("DescribeStackSet", { StackSetName }).with("404 StackSetNotFoundException"),
  answered("DeactivateOrganizationsAccess", {}, { since: 2023 }),
]);
