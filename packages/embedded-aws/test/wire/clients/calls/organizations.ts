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
  answered("DescribeOrganization").says({
    "Organization.Id": "o-exampleorg1",
    "Organization.MasterAccountId": "111122223333",
  }),
  answered("ListRoots").says({ "Roots.0.Id": root }),
  answered("ListOrganizationalUnitsForParent", { ParentId: root }).says({ "OrganizationalUnits.0.Id": unit }),
  answered("DescribeOrganizationalUnit", { OrganizationalUnitId: unit }).says({
    "OrganizationalUnit.Name": "workloads",
  }),
  refused("DescribeOrganizationalUnit", { OrganizationalUnitId: "ou-exam-none0000" }).with(
    "400 OrganizationalUnitNotFoundException: You specified an organizational unit that doesn't exist.",
  ),
  answered("ListAccounts").says({ "Accounts.1.Id": account, "Accounts.1.Status": "ACTIVE" }),
  answered("DescribeAccount", { AccountId: account }).says({ "Account.JoinedTimestamp": PRESENT }),
  refused("DescribeAccount", { AccountId: "555566667777" }).with(
    "400 AccountNotFoundException: You specified an account that doesn't exist.",
  ),
  answered("ListAccountsForParent", { ParentId: unit }).says({ "Accounts.0.Id": account }),
  refused("ListAccountsForParent", { ParentId: "ou-exam-none0000" }).with(
    "400 ParentNotFoundException: You specified parent that doesn't exist.",
  ),
  answered("ListChildren", { ParentId: unit, ChildType: "ACCOUNT" }).says({
    Children: [{ Id: account, Type: "ACCOUNT" }],
  }),
  answered("ListParents", { ChildId: account }).says({ Parents: [{ Id: unit, Type: "ORGANIZATIONAL_UNIT" }] }),
  refused("ListParents", { ChildId: "555566667777" }).with(
    "400 ChildNotFoundException: You specified a child that doesn't exist.",
  ),
  answered("ListTagsForResource", { ResourceId: account }).says({ Tags: [] }),
  answered("MoveAccount", { AccountId: account, SourceParentId: unit, DestinationParentId: "ou-exam-suspended" }),
  refused("MoveAccount", { AccountId: account, SourceParentId: unit, DestinationParentId: "ou-exam-suspended" }).with(
    "400 SourceParentNotFoundException: You specified a source parent that doesn't contain the account.",
  ),
  answered("TagResource", { ResourceId: account, Tags: [{ Key: "stage", Value: "test" }] }),
  answered("ListTagsForResource", { ResourceId: account }).says({ Tags: [{ Key: "stage", Value: "test" }] }),
  answered("UntagResource", { ResourceId: account, TagKeys: ["stage"] }),
  answered("CreateOrganizationalUnit as nested", { ParentId: unit, Name: "nested" }).says({
    "OrganizationalUnit.Id": PRESENT,
  }),
  refused("CreateOrganizationalUnit", { ParentId: unit, Name: "nested" }).with(
    "400 DuplicateOrganizationalUnitException: same name",
  ),
  answered("UpdateOrganizationalUnit", {
    OrganizationalUnitId: ref("nested.OrganizationalUnit.Id"),
    Name: "renamed",
  }).says({ "OrganizationalUnit.Name": "renamed" }),
  answered("DeleteOrganizationalUnit", { OrganizationalUnitId: ref("nested.OrganizationalUnit.Id") }),
  answered("CreateAccount as created", { AccountName: "new", Email: "new@example.com" }).says({
    "CreateAccountStatus.State": "IN_PROGRESS",
  }),
  answered(
    "DescribeCreateAccountStatus as done",
    { CreateAccountRequestId: ref("created.CreateAccountStatus.Id") },
    { after: 1 },
  ).says({ "CreateAccountStatus.State": "SUCCEEDED" }),
  answered("CloseAccount", { AccountId: ref("done.CreateAccountStatus.AccountId") }),
  answered("DescribeAccount", { AccountId: ref("done.CreateAccountStatus.AccountId") }, { after: 5 }).says({
    "Account.Status": "SUSPENDED",
  }),
  refused("RemoveAccountFromOrganization", { AccountId: ref("done.CreateAccountStatus.AccountId") }).with(
    "400 ConstraintViolationException: four days",
  ),
  answered("EnableAWSServiceAccess", { ServicePrincipal: RAM }),
  answered("EnableAWSServiceAccess", { ServicePrincipal: STACK_SETS }),
  answered("ListAWSServiceAccessForOrganization").says(
    // The first is CloudTrail's, by the organization's trail.
    { "EnabledServicePrincipals.1.ServicePrincipal": RAM, "EnabledServicePrincipals.1.DateEnabled": PRESENT },
  ),
  answered("DisableAWSServiceAccess", { ServicePrincipal: RAM }),
  refused("EnableAWSServiceAccess", { ServicePrincipal: "unknown.example.com" }).with(
    "400 InvalidInputException: service principal",
  ),
  answered("RegisterDelegatedAdministrator", { AccountId: account, ServicePrincipal: STACK_SETS }),
  answered("ListDelegatedAdministrators").says({ "DelegatedAdministrators.0.Id": account }),
  answered("ListDelegatedServicesForAccount", { AccountId: account }).says({
    "DelegatedServices.0.ServicePrincipal": STACK_SETS,
  }),
  answered("DeregisterDelegatedAdministrator", { AccountId: account, ServicePrincipal: STACK_SETS }),
  answered("PutResourcePolicy", { Content: text(delegation) }).says({ "ResourcePolicy.Content": PRESENT }),
  answered("DescribeResourcePolicy").says({ "ResourcePolicy.Content": text(delegation) }),
  answered("DeleteResourcePolicy"),
  refused("DescribeResourcePolicy").with("400 ResourcePolicyNotFoundException: resource policy"),
  answered("EnablePolicyType", { RootId: root, PolicyType: "DECLARATIVE_POLICY_EC2" }).says({
    "Root.PolicyTypes.1.Type": "DECLARATIVE_POLICY_EC2",
  }),
  answered("CreatePolicy as policy", {
    Name: "console",
    Description: "",
    Type: "DECLARATIVE_POLICY_EC2",
    Content: text(declaration),
  }).says({ "Policy.PolicySummary.Id": PRESENT }),
  refused("CreatePolicy", { Name: "wrong", Description: "", Type: "DECLARATIVE_POLICY_EC2", Content: "{}" }).with(
    "400 MalformedPolicyDocumentException: ec2_attributes",
  ),
  answered("UpdatePolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id"), Description: "No serial console" }).says({
    "Policy.PolicySummary.Description": "No serial console",
  }),
  answered("DescribePolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id") }).says({
    "Policy.Content": text(declaration),
  }),
  answered("ListPolicies", { Filter: "DECLARATIVE_POLICY_EC2" }).says({
    "Policies.0.Name": "console",
    "Policies.0.AwsManaged": false,
  }),
  answered("AttachPolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id"), TargetId: root }),
  answered("ListPoliciesForTarget", { TargetId: root, Filter: "DECLARATIVE_POLICY_EC2" }).says({
    "Policies.0.Name": "console",
  }),
  answered("ListTargetsForPolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id") }).says({
    "Targets.0.TargetId": root,
    "Targets.0.Type": "ROOT",
  }),
  answered("DescribeEffectivePolicy", { PolicyType: "DECLARATIVE_POLICY_EC2", TargetId: account }).says({
    "EffectivePolicy.PolicyContent": text({ ec2_attributes: { serial_console_access: { status: "disabled" } } }),
  }),
  refused("DeletePolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id") }).with(
    "400 PolicyInUseException: attached",
  ),
  answered("DetachPolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id"), TargetId: root }),
  answered("DeletePolicy", { PolicyId: ref("policy.Policy.PolicySummary.Id") }),
  answered("DisablePolicyType", { RootId: root, PolicyType: "DECLARATIVE_POLICY_EC2" }).says({
    "Root.PolicyTypes.0.Type": "SERVICE_CONTROL_POLICY",
  }),
]);
