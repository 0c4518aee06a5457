import { answered, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const document = (...statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statement });
const trust = (service: string) =>
  document({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" });
const allow = (action: string) => document({ Effect: "Allow", Action: action, Resource: "*" });

const RoleName = "changing";
const InstanceProfileName = "changing";
const PolicyArn = "arn:aws:iam::111122223333:policy/changing";
const Tags = [{ Key: "team", Value: "images + more/é" }];
const gone = (message: string) => ({ code: "NoSuchEntity", ofSdk: "NoSuchEntityException", status: 404, message });
const conflict = (message: string) => ({
  code: "DeleteConflict",
  ofSdk: "DeleteConflictException",
  status: 409,
  message,
});

/** IAM's changes and deletions. Leaves nothing. */
export const CHANGED_IDENTITY_CALLS: readonly FactoryCall[] = [
  answered("iam:CreateRole", { RoleName, AssumeRolePolicyDocument: trust("ec2.amazonaws.com"), Tags }),
  answered("iam:UpdateAssumeRolePolicy", { RoleName, PolicyDocument: trust("lambda.amazonaws.com") }),
  answered("iam:UpdateRole", { RoleName, Description: "changed", MaxSessionDuration: 7200 }),
  answered("iam:GetRole", { RoleName }, { "Role.Description": "changed", "Role.MaxSessionDuration": 7200 }),
  answered("iam:UpdateRoleDescription", { RoleName, Description: "again" }, { "Role.Description": "again" }),
  answered("iam:TagRole", { RoleName, Tags: [{ Key: "stage", Value: "test" }] }),
  answered("iam:UntagRole", { RoleName, TagKeys: ["stage"] }),
  answered("iam:ListRoleTags", { RoleName }, { Tags }),
  answered("iam:CreatePolicy", { PolicyName: "changing", PolicyDocument: allow("ssm:GetParameter"), Tags }),
  answered("iam:TagPolicy", { PolicyArn, Tags: [{ Key: "stage", Value: "test" }] }, {}, { since: 2021 }),
  answered("iam:UntagPolicy", { PolicyArn, TagKeys: ["stage"] }, {}, { since: 2021 }),
  answered("iam:ListPolicyTags", { PolicyArn }, { Tags }, { since: 2021 }),
  answered(
    "iam:CreatePolicyVersion",
    { PolicyArn, PolicyDocument: allow("ssm:PutParameter"), SetAsDefault: true },
    { "PolicyVersion.VersionId": "v2", "PolicyVersion.CreateDate": PRESENT },
    { as: "version" },
  ),
  refused(
    "iam:DeletePolicyVersion",
    { PolicyArn, VersionId: ref("version.PolicyVersion.VersionId") },
    conflict("Cannot delete the default version of a policy."),
  ),
  refused("iam:DeletePolicy", { PolicyArn }, conflict("This policy has more than one version.")),
  answered("iam:SetDefaultPolicyVersion", { PolicyArn, VersionId: "v1" }),
  answered("iam:ListPolicyVersions", { PolicyArn }, { "Versions.1.IsDefaultVersion": true }),
  answered("iam:DeletePolicyVersion", { PolicyArn, VersionId: "v2" }),
  answered("iam:AttachRolePolicy", { RoleName, PolicyArn }),
  answered("iam:DetachRolePolicy", { RoleName, PolicyArn }),
  refused("iam:DetachRolePolicy", { RoleName, PolicyArn }, gone(`Policy ${PolicyArn} was not found.`)),
  answered("iam:PutRolePolicy", { RoleName, PolicyName: "inline", PolicyDocument: allow("ssm:GetParameter") }),
  answered("iam:DeleteRolePolicy", { RoleName, PolicyName: "inline" }),
  refused(
    "iam:DeleteRolePolicy",
    { RoleName, PolicyName: "inline" },
    gone("The role policy with name inline cannot be found."),
  ),
  answered("iam:PutRolePermissionsBoundary", { RoleName, PermissionsBoundary: PolicyArn }),
  answered("iam:DeleteRolePermissionsBoundary", { RoleName }),
  answered("iam:CreateInstanceProfile", { InstanceProfileName, Tags }, { "InstanceProfile.Tags": Tags }),
  answered("iam:AddRoleToInstanceProfile", { InstanceProfileName, RoleName }),
  answered(
    "iam:TagInstanceProfile",
    { InstanceProfileName, Tags: [{ Key: "stage", Value: "test" }] },
    {},
    { since: 2021 },
  ),
  answered("iam:UntagInstanceProfile", { InstanceProfileName, TagKeys: ["stage"] }, {}, { since: 2021 }),
  answered("iam:ListInstanceProfileTags", { InstanceProfileName }, { Tags }, { since: 2021 }),
  answered("iam:ListInstanceProfiles", {}, { "InstanceProfiles.0.InstanceProfileName": PRESENT }),
  answered("iam:GetUser", {}, { "User.Arn": "arn:aws:iam::111122223333:root" }),
  refused("iam:GetUser", { UserName: "jo" }, { code: "NoSuchEntity", ofSdk: "NoSuchEntityException", status: 404 }),
  answered(
    "iam:ListInstanceProfilesForRole",
    { RoleName },
    { "InstanceProfiles.0.InstanceProfileName": InstanceProfileName },
  ),
  refused(
    "iam:DeleteInstanceProfile",
    { InstanceProfileName },
    conflict("Cannot delete entity, must remove roles from instance profile first."),
  ),
  answered("iam:RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName }),
  refused(
    "iam:RemoveRoleFromInstanceProfile",
    { InstanceProfileName, RoleName },
    gone(`Role ${RoleName} in Instance Profile ${InstanceProfileName} cannot be found.`),
  ),
  answered("iam:DeleteInstanceProfile", { InstanceProfileName }),
  answered("iam:DeleteRole", { RoleName }),
  answered("iam:DeletePolicy", { PolicyArn }),
];
