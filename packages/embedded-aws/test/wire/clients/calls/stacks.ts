import { answered, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

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
const invalid = { code: "ValidationError", status: 400 };
const OperationId = ref("instances.OperationId");
const targets = { DeploymentTargets: { OrganizationalUnitIds: ["r-exam"] }, Regions: ["eu-west-1"] };

export const STACK_CALLS: readonly FactoryCall[] = [
  answered(
    "cloudformation:ValidateTemplate",
    { TemplateBody: Template("one <é>") },
    { "Parameters.0.DefaultValue": "one <é>", Description: "one parameter" },
  ),
  refused(
    "cloudformation:ValidateTemplate",
    { TemplateBody: "Resources: {}" },
    { ...invalid, message: "Template format error: At least one Resources member must be defined." },
  ),
  answered("cloudformation:CreateStack", { StackName, TemplateBody: Template("one") }, { StackId: PRESENT }),
  refused(
    "cloudformation:CreateStack",
    { StackName, TemplateBody: Template("one") },
    { code: "AlreadyExistsException", status: 400, message: "Stack [web] already exists" },
  ),
  answered(
    "cloudformation:DescribeStacks",
    { StackName },
    { "Stacks.0.StackStatus": "CREATE_COMPLETE", "Stacks.0.Outputs.0.OutputValue": "/stack/p" },
    { after: 2 },
  ),
  answered(
    "cloudformation:DescribeStackEvents",
    { StackName },
    { "StackEvents.0.ResourceStatus": "CREATE_COMPLETE", "StackEvents.0.Timestamp": PRESENT },
  ),
  answered("cloudformation:GetTemplate", { StackName }, { TemplateBody: PRESENT }),
  answered("cloudformation:UpdateStack", { StackName, TemplateBody: Template("two") }, { StackId: PRESENT }),
  refused(
    "cloudformation:UpdateStack",
    { StackName, TemplateBody: Template("two") },
    { ...invalid, message: "No updates are to be performed." },
    { after: 2 },
  ),
  answered("cloudformation:DeleteStack", { StackName }),
  refused(
    "cloudformation:DescribeStacks",
    { StackName },
    { ...invalid, message: "Stack with id web does not exist" },
    { after: 2 },
  ),
  // The part that clients from 2022 support; StackSets' own part is seeded.
  answered("organizations:EnableAWSServiceAccess", {
    ServicePrincipal: "member.org.stacksets.cloudformation.amazonaws.com",
  }),
  answered("cloudformation:ActivateOrganizationsAccess", {}, {}, { since: 2023 }),
  answered("cloudformation:DescribeOrganizationsAccess", {}, { Status: "ENABLED" }, { since: 2023 }),
  answered(
    "cloudformation:CreateStackSet",
    {
      StackSetName,
      TemplateBody: Template("one"),
      PermissionModel: "SERVICE_MANAGED",
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    },
    { StackSetId: PRESENT },
  ),
  answered("cloudformation:DescribeStackSet", { StackSetName }, { "StackSet.AutoDeployment.Enabled": true }),
  answered("cloudformation:ListStackSets", { Status: "ACTIVE" }, { "Summaries.0.StackSetName": StackSetName }),
  answered(
    "cloudformation:CreateStackInstances",
    { StackSetName, ...targets },
    { OperationId: PRESENT },
    { as: "instances" },
  ),
  answered(
    "cloudformation:DescribeStackSetOperation",
    { StackSetName, OperationId },
    { "StackSetOperation.Status": "SUCCEEDED", "StackSetOperation.Action": "CREATE" },
    { after: 10 },
  ),
  answered("cloudformation:ListStackSetOperations", { StackSetName }, { "Summaries.0.Status": "SUCCEEDED" }),
  answered("cloudformation:ListStackSetOperationResults", { StackSetName, OperationId }, { Summaries: PRESENT }),
  answered("cloudformation:ListStackInstances", { StackSetName }, { Summaries: PRESENT }),
  refused(
    "cloudformation:DescribeStackInstance",
    { StackSetName, StackInstanceAccount: "111122223333", StackInstanceRegion: "eu-west-1" },
    { code: "StackInstanceNotFoundException", status: 404, message: "not found" },
  ),
  answered("cloudformation:UpdateStackInstances", { StackSetName, ...targets }, { OperationId: PRESENT }),
  refused(
    "cloudformation:UpdateStackInstances",
    { StackSetName, ...targets, Regions: ["eu-west-3"] },
    { code: "StackInstanceNotFoundException", status: 404, message: "not found" },
  ),
  answered(
    "cloudformation:UpdateStackSet",
    { StackSetName, TemplateBody: Template("two") },
    { OperationId: PRESENT },
    { after: 10 },
  ),
  answered(
    "cloudformation:DeleteStackInstances",
    { StackSetName, ...targets, RetainStacks: false },
    { OperationId: PRESENT },
    { after: 10 },
  ),
  refused(
    "cloudformation:DeleteStackSet",
    { StackSetName },
    { code: "OperationInProgressException", status: 409, message: "Another Operation on StackSet" },
  ),
  answered("cloudformation:DeleteStackSet", { StackSetName }, {}, { after: 10 }),
  refused("cloudformation:DescribeStackSet", { StackSetName }, { code: "StackSetNotFoundException", status: 404 }),
  answered("cloudformation:DeactivateOrganizationsAccess", {}, {}, { since: 2023 }),
];
