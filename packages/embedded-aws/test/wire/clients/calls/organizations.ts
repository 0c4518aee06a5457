import { answered, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

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

export const ORGANIZATIONS_CALLS: readonly FactoryCall[] = ofService("organizations", [
  answered(
    "DescribeOrganization",
    {},
    { "Organization.Id": "o-exampleorg1", "Organization.MasterAccountId": "111122223333" },
  ),
  answered("ListRoots", {}, { "Roots.0.Id": root }),
  answered("ListOrganizationalUnitsForParent", { ParentId: root }, { "OrganizationalUnits.0.Id": unit }),
  answered("DescribeOrganizationalUnit", { OrganizationalUnitId: unit }, { "OrganizationalUnit.Name": "workloads" }),
  refused(
    "DescribeOrganizationalUnit",
    { OrganizationalUnitId: "ou-exam-none0000" },
    "400 OrganizationalUnitNotFoundException: You specified an organizational unit that doesn't exist.",
  ),
  answered("ListAccounts", {}, { "Accounts.1.Id": account, "Accounts.1.Status": "ACTIVE" }),
  answered("DescribeAccount", { AccountId: account }, { "Account.JoinedTimestamp": PRESENT }),
  refused(
    "DescribeAccount",
    { AccountId: "555566667777" },
    "400 AccountNotFoundException: You specified an account that doesn't exist.",
  ),
  answered("ListAccountsForParent", { ParentId: unit }, { "Accounts.0.Id": account }),
  refused(
    "ListAccountsForParent",
    { ParentId: "ou-exam-none0000" },
    "400 ParentNotFoundException: You specified parent that doesn't exist.",
  ),
  answered("ListChildren", { ParentId: unit, ChildType: "ACCOUNT" }, { Children: [{ Id: account, Type: "ACCOUNT" }] }),
  answered("ListParents", { ChildId: account }, { Parents: [{ Id: unit, Type: "ORGANIZATIONAL_UNIT" }] }),
  refused(
    "ListParents",
    { ChildId: "555566667777" },
    "400 ChildNotFoundException: You specified a child that doesn't exist.",
  ),
  answered("ListTagsForResource", { ResourceId: account }, { Tags: [] }),
  answered("MoveAccount", { AccountId: account, SourceParentId: unit, DestinationParentId: "ou-exam-suspended" }),
  refused(
    "MoveAccount",
    { AccountId: account, SourceParentId: unit, DestinationParentId: "ou-exam-suspended" },
    "400 SourceParentNotFoundException: You specified a source parent that doesn't contain the account.",
  ),
  answered("TagResource", { ResourceId: account, Tags: [{ Key: "stage", Value: "test" }] }),
  answered("ListTagsForResource", { ResourceId: account }, { Tags: [{ Key: "stage", Value: "test" }] }),
  answered("UntagResource", { ResourceId: account, TagKeys: ["stage"] }),
  answered(
    "CreateOrganizationalUnit",
    { ParentId: unit, Name: "nested" },
    { "OrganizationalUnit.Id": PRESENT },
    { as: "nested" },
  ),
  refused(
    "CreateOrganizationalUnit",
    { ParentId: unit, Name: "nested" },
    "400 DuplicateOrganizationalUnitException: same name",
  ),
  answered(
    "UpdateOrganizationalUnit",
    { OrganizationalUnitId: ref("nested.OrganizationalUnit.Id"), Name: "renamed" },
    { "OrganizationalUnit.Name": "renamed" },
  ),
  answered("DeleteOrganizationalUnit", { OrganizationalUnitId: ref("nested.OrganizationalUnit.Id") }),
  answered(
    "CreateAccount",
    { AccountName: "new", Email: "new@example.com" },
    { "CreateAccountStatus.State": "IN_PROGRESS" },
    { as: "created" },
  ),
  answered(
    "DescribeCreateAccountStatus",
    { CreateAccountRequestId: ref("created.CreateAccountStatus.Id") },
    { "CreateAccountStatus.State": "SUCCEEDED" },
    { as: "done", after: 1 },
  ),
  answered("CloseAccount", { AccountId: ref("done.CreateAccountStatus.AccountId") }),
  answered(
    "DescribeAccount",
    { AccountId: ref("done.CreateAccountStatus.AccountId") },
    { "Account.Status": "SUSPENDED" },
    { after: 5 },
  ),
  refused(
    "RemoveAccountFromOrganization",
    { AccountId: ref("done.CreateAccountStatus.AccountId") },
    "400 ConstraintViolationException: four days",
  ),
  answered("EnableAWSServiceAccess", { ServicePrincipal: RAM }),
  answered("EnableAWSServiceAccess", { ServicePrincipal: STACK_SETS }),
  answered(
    "ListAWSServiceAccessForOrganization",
    {},
    // The first is CloudTrail's, by the organization's trail.
    { "EnabledServicePrincipals.1.ServicePrincipal": RAM, "EnabledServicePrincipals.1.DateEnabled": PRESENT },
  ),
  answered("DisableAWSServiceAccess", { ServicePrincipal: RAM }),
  refused(
    "EnableAWSServiceAccess",
    { ServicePrincipal: "unknown.example.com" },
    "400 InvalidInputException: service principal",
  ),
  answered("RegisterDelegatedAdministrator", { AccountId: account, ServicePrincipal: STACK_SETS }),
  answered("ListDelegatedAdministrators", {}, { "DelegatedAdministrators.0.Id": account }),
  answered(
    "ListDelegatedServicesForAccount",
    { AccountId: account },
    { "DelegatedServices.0.ServicePrincipal": STACK_SETS },
  ),
  answered("DeregisterDelegatedAdministrator", { AccountId: account, ServicePrincipal: STACK_SETS }),
  answered("PutResourcePolicy", { Content: text(delegation) }, { "ResourcePolicy.Content": PRESENT }),
  answered("DescribeResourcePolicy", {}, { "ResourcePolicy.Content": text(delegation) }),
  answered("DeleteResourcePolicy"),
  refused("DescribeResourcePolicy", {}, "400 ResourcePolicyNotFoundException: resource policy"),
  answered(
    "EnablePolicyType",
    { RootId: root, PolicyType: "DECLARATIVE_POLICY_EC2" },
    { "Root.PolicyTypes.1.Type": "DECLARATIVE_POLICY_EC2" },
  ),
  answered(
    "CreatePolicy",
    { Name: "console", Description: "", Type: "DECLARATIVE_POLICY_EC2", Content: text(declaration) },
    { "Policy.PolicySummary.Id": PRESENT },
    { as: "policy" },
  ),
  refused(
    "CreatePolicy",
    { Name: "wrong", Description: "", Type: "DECLARATIVE_POLICY_EC2", Content: "{}" },
    "400 MalformedPolicyDocumentException: ec2_attributes",
  ),
  answered(
    "UpdatePolicy",
    { PolicyId: ref("policy.Policy.PolicySummary.Id"), Description: "No serial console" },
    { "Policy.PolicySummary.Description": "No serial console" },
  ),
  answered(
    "DescribePolicy",
    { PolicyId: ref("policy.Policy.PolicySummary.Id") },
    { "Policy.Content": text(declaration) },
  ),
  answered(
    "ListPolicies",
    { Filter: "DECLARATIVE_POLICY_EC2" },
    { "Policies.0.Name": "console", "Policies.0.AwsManaged": false },
  ),
  answered("AttachPolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id"), TargetId: root }),
  answered(
    "ListPoliciesForTarget",
    { TargetId: root, Filter: "DECLARATIVE_POLICY_EC2" },
    { "Policies.0.Name": "console" },
  ),
  answered(
    "ListTargetsForPolicy",
    { PolicyId: ref("policy.Policy.PolicySummary.Id") },
    { "Targets.0.TargetId": root, "Targets.0.Type": "ROOT" },
  ),
  answered(
    "DescribeEffectivePolicy",
    { PolicyType: "DECLARATIVE_POLICY_EC2", TargetId: account },
    {
      "EffectivePolicy.PolicyContent": text({ ec2_attributes: { serial_console_access: { status: "disabled" } } }),
    },
  ),
  refused("DeletePolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id") }, "400 PolicyInUseException: attached"),
  answered("DetachPolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id"), TargetId: root }),
  answered("DeletePolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id") }),
  answered(
    "DisablePolicyType",
    { RootId: root, PolicyType: "DECLARATIVE_POLICY_EC2" },
    { "Root.PolicyTypes.0.Type": "SERVICE_CONTROL_POLICY" },
  ),
]);
