import { answered, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const root = "r-exam";
const unit = "ou-exam-workload1";
const account = "222233334444";
const RAM = "ram.amazonaws.com";
const STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com";
const text = (value: object) => JSON.stringify(value);
const declaration = { ec2_attributes: { serial_console_access: { status: { "@@assign": "disabled" } } } };
const delegation = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "organizations:ListAccounts",
      Resource: "*",
    },
  ],
};

export const ORGANIZATIONS_CALLS: readonly FactoryCall[] = [
  answered(
    "organizations:DescribeOrganization",
    {},
    {
      "Organization.Id": "o-exampleorg1",
      "Organization.MasterAccountId": "111122223333",
    },
  ),
  answered("organizations:ListRoots", {}, { "Roots.0.Id": root }),
  answered("organizations:ListOrganizationalUnitsForParent", { ParentId: root }, { "OrganizationalUnits.0.Id": unit }),
  answered(
    "organizations:DescribeOrganizationalUnit",
    { OrganizationalUnitId: unit },
    {
      "OrganizationalUnit.Name": "workloads",
    },
  ),
  refused(
    "organizations:DescribeOrganizationalUnit",
    { OrganizationalUnitId: "ou-exam-none0000" },
    {
      code: "OrganizationalUnitNotFoundException",
      status: 400,
      message: "You specified an organizational unit that doesn't exist.",
    },
  ),
  answered("organizations:ListAccounts", {}, { "Accounts.1.Id": account, "Accounts.1.Status": "ACTIVE" }),
  answered("organizations:DescribeAccount", { AccountId: account }, { "Account.JoinedTimestamp": PRESENT }),
  refused(
    "organizations:DescribeAccount",
    { AccountId: "555566667777" },
    {
      code: "AccountNotFoundException",
      status: 400,
      message: "You specified an account that doesn't exist.",
    },
  ),
  answered("organizations:ListAccountsForParent", { ParentId: unit }, { "Accounts.0.Id": account }),
  refused(
    "organizations:ListAccountsForParent",
    { ParentId: "ou-exam-none0000" },
    {
      code: "ParentNotFoundException",
      status: 400,
      message: "You specified parent that doesn't exist.",
    },
  ),
  answered(
    "organizations:ListChildren",
    { ParentId: unit, ChildType: "ACCOUNT" },
    {
      Children: [{ Id: account, Type: "ACCOUNT" }],
    },
  ),
  answered("organizations:ListParents", { ChildId: account }, { Parents: [{ Id: unit, Type: "ORGANIZATIONAL_UNIT" }] }),
  refused(
    "organizations:ListParents",
    { ChildId: "555566667777" },
    {
      code: "ChildNotFoundException",
      status: 400,
      message: "You specified a child that doesn't exist.",
    },
  ),
  answered("organizations:ListTagsForResource", { ResourceId: account }, { Tags: [] }),
  answered("organizations:MoveAccount", {
    AccountId: account,
    SourceParentId: unit,
    DestinationParentId: "ou-exam-suspended",
  }),
  refused(
    "organizations:MoveAccount",
    { AccountId: account, SourceParentId: unit, DestinationParentId: "ou-exam-suspended" },
    {
      code: "SourceParentNotFoundException",
      status: 400,
      message: "You specified a source parent that doesn't contain the account.",
    },
  ),
  answered("organizations:TagResource", { ResourceId: account, Tags: [{ Key: "stage", Value: "test" }] }),
  answered("organizations:ListTagsForResource", { ResourceId: account }, { Tags: [{ Key: "stage", Value: "test" }] }),
  answered("organizations:UntagResource", { ResourceId: account, TagKeys: ["stage"] }),
  answered(
    "organizations:CreateOrganizationalUnit",
    { ParentId: unit, Name: "nested" },
    { "OrganizationalUnit.Id": PRESENT },
    { as: "nested" },
  ),
  refused(
    "organizations:CreateOrganizationalUnit",
    { ParentId: unit, Name: "nested" },
    { code: "DuplicateOrganizationalUnitException", status: 400, message: "same name" },
  ),
  answered(
    "organizations:UpdateOrganizationalUnit",
    { OrganizationalUnitId: ref("nested.OrganizationalUnit.Id"), Name: "renamed" },
    { "OrganizationalUnit.Name": "renamed" },
  ),
  answered("organizations:DeleteOrganizationalUnit", {
    OrganizationalUnitId: ref("nested.OrganizationalUnit.Id"),
  }),
  answered(
    "organizations:CreateAccount",
    { AccountName: "new", Email: "new@example.com" },
    { "CreateAccountStatus.State": "IN_PROGRESS" },
    { as: "created" },
  ),
  answered(
    "organizations:DescribeCreateAccountStatus",
    { CreateAccountRequestId: ref("created.CreateAccountStatus.Id") },
    { "CreateAccountStatus.State": "SUCCEEDED" },
    { as: "done", after: 1 },
  ),
  answered("organizations:CloseAccount", { AccountId: ref("done.CreateAccountStatus.AccountId") }),
  answered(
    "organizations:DescribeAccount",
    { AccountId: ref("done.CreateAccountStatus.AccountId") },
    { "Account.Status": "SUSPENDED" },
    { after: 5 },
  ),
  refused(
    "organizations:RemoveAccountFromOrganization",
    { AccountId: ref("done.CreateAccountStatus.AccountId") },
    { code: "ConstraintViolationException", status: 400, message: "four days" },
  ),
  answered("organizations:EnableAWSServiceAccess", { ServicePrincipal: RAM }),
  answered("organizations:EnableAWSServiceAccess", { ServicePrincipal: STACK_SETS }),
  answered(
    "organizations:ListAWSServiceAccessForOrganization",
    {},
    // The first is CloudTrail's, by the organization's trail.
    { "EnabledServicePrincipals.1.ServicePrincipal": RAM, "EnabledServicePrincipals.1.DateEnabled": PRESENT },
  ),
  answered("organizations:DisableAWSServiceAccess", { ServicePrincipal: RAM }),
  refused(
    "organizations:EnableAWSServiceAccess",
    { ServicePrincipal: "unknown.example.com" },
    { code: "InvalidInputException", status: 400, message: "service principal" },
  ),
  answered("organizations:RegisterDelegatedAdministrator", { AccountId: account, ServicePrincipal: STACK_SETS }),
  answered("organizations:ListDelegatedAdministrators", {}, { "DelegatedAdministrators.0.Id": account }),
  answered(
    "organizations:ListDelegatedServicesForAccount",
    { AccountId: account },
    { "DelegatedServices.0.ServicePrincipal": STACK_SETS },
  ),
  answered("organizations:DeregisterDelegatedAdministrator", { AccountId: account, ServicePrincipal: STACK_SETS }),
  answered("organizations:PutResourcePolicy", { Content: text(delegation) }, { "ResourcePolicy.Content": PRESENT }),
  answered("organizations:DescribeResourcePolicy", {}, { "ResourcePolicy.Content": text(delegation) }),
  answered("organizations:DeleteResourcePolicy"),
  refused(
    "organizations:DescribeResourcePolicy",
    {},
    { code: "ResourcePolicyNotFoundException", status: 400, message: "resource policy" },
  ),
  answered(
    "organizations:EnablePolicyType",
    { RootId: root, PolicyType: "DECLARATIVE_POLICY_EC2" },
    { "Root.PolicyTypes.1.Type": "DECLARATIVE_POLICY_EC2" },
  ),
  answered(
    "organizations:CreatePolicy",
    { Name: "console", Description: "", Type: "DECLARATIVE_POLICY_EC2", Content: text(declaration) },
    { "Policy.PolicySummary.Id": PRESENT },
    { as: "policy" },
  ),
  refused(
    "organizations:CreatePolicy",
    { Name: "wrong", Description: "", Type: "DECLARATIVE_POLICY_EC2", Content: "{}" },
    { code: "MalformedPolicyDocumentException", status: 400, message: "ec2_attributes" },
  ),
  answered(
    "organizations:UpdatePolicy",
    { PolicyId: ref("policy.Policy.PolicySummary.Id"), Description: "No serial console" },
    { "Policy.PolicySummary.Description": "No serial console" },
  ),
  answered(
    "organizations:DescribePolicy",
    { PolicyId: ref("policy.Policy.PolicySummary.Id") },
    { "Policy.Content": text(declaration) },
  ),
  answered(
    "organizations:ListPolicies",
    { Filter: "DECLARATIVE_POLICY_EC2" },
    { "Policies.0.Name": "console", "Policies.0.AwsManaged": false },
  ),
  answered("organizations:AttachPolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id"), TargetId: root }),
  answered(
    "organizations:ListPoliciesForTarget",
    { TargetId: root, Filter: "DECLARATIVE_POLICY_EC2" },
    { "Policies.0.Name": "console" },
  ),
  answered(
    "organizations:ListTargetsForPolicy",
    { PolicyId: ref("policy.Policy.PolicySummary.Id") },
    { "Targets.0.TargetId": root, "Targets.0.Type": "ROOT" },
  ),
  answered(
    "organizations:DescribeEffectivePolicy",
    { PolicyType: "DECLARATIVE_POLICY_EC2", TargetId: account },
    {
      "EffectivePolicy.PolicyContent": text({ ec2_attributes: { serial_console_access: { status: "disabled" } } }),
    },
  ),
  refused(
    "organizations:DeletePolicy",
    { PolicyId: ref("policy.Policy.PolicySummary.Id") },
    { code: "PolicyInUseException", status: 400, message: "attached" },
  ),
  answered("organizations:DetachPolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id"), TargetId: root }),
  answered("organizations:DeletePolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id") }),
  answered(
    "organizations:DisablePolicyType",
    { RootId: root, PolicyType: "DECLARATIVE_POLICY_EC2" },
    { "Root.PolicyTypes.0.Type": "SERVICE_CONTROL_POLICY" },
  ),
];
