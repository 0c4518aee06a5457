import { policy } from "../../../policy.ts";
import { answered, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

const trust = (service: string) =>
  policy({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" });
const allow = (action: string) => policy({ Effect: "Allow", Action: action, Resource: "*" });

const RoleName = "changing";
const InstanceProfileName = "changing";
const PolicyArn = "arn:aws:iam::111122223333:policy/changing";
const Tags = [{ Key: "team", Value: "images + more/é" }];
const gone = (message: string) => `404 NoSuchEntity (NoSuchEntityException): ${message}`;
const conflict = (message: string) => `409 DeleteConflict (DeleteConflictException): ${message}`;

/** IAM's changes and deletions. Leaves nothing. */
export const CHANGED_IDENTITY_CALLS: readonly FactoryCall[] = ofService("iam", [
  answered("CreateRole", { RoleName, AssumeRolePolicyDocument: trust("ec2.amazonaws.com"), Tags }),
  answered("UpdateAssumeRolePolicy", { RoleName, PolicyDocument: trust("lambda.amazonaws.com") }),
  answered("UpdateRole", { RoleName, Description: "changed", MaxSessionDuration: 7200 }),
  answered("GetRole", { RoleName }).says({ "Role.Description": "changed", "Role.MaxSessionDuration": 7200 }),
  answered("UpdateRoleDescription", { RoleName, Description: "again" }).says({ "Role.Description": "again" }),
  answered("TagRole", { RoleName, Tags: [{ Key: "stage", Value: "test" }] }),
  answered("UntagRole", { RoleName, TagKeys: ["stage"] }),
  answered("ListRoleTags", { RoleName }).says({ Tags }),
  answered("CreatePolicy", { PolicyName: "changing", PolicyDocument: allow("ssm:GetParameter"), Tags }),
  answered("TagPolicy", { PolicyArn, Tags: [{ Key: "stage", Value: "test" }] }, { since: 2021 }),
  answered("UntagPolicy", { PolicyArn, TagKeys: ["stage"] }, { since: 2021 }),
  answered("ListPolicyTags", { PolicyArn }, { since: 2021 }).says({ Tags }),
  answered("CreatePolicyVersion as version", {
    PolicyArn,
    PolicyDocument: allow("ssm:PutParameter"),
    SetAsDefault: true,
  }).says({ "PolicyVersion.VersionId": "v2", "PolicyVersion.CreateDate": PRESENT }),
  refused("DeletePolicyVersion", { PolicyArn, VersionId: ref("version.PolicyVersion.VersionId") }).with(
    conflict("Cannot delete the default version of a policy."),
  ),
  refused("DeletePolicy", { PolicyArn }).with(conflict("This policy has more than one version.")),
  answered("SetDefaultPolicyVersion", { PolicyArn, VersionId: "v1" }),
  answered("ListPolicyVersions", { PolicyArn }).says({ "Versions.1.IsDefaultVersion": true }),
  answered("DeletePolicyVersion", { PolicyArn, VersionId: "v2" }),
  answered("AttachRolePolicy", { RoleName, PolicyArn }),
  answered("DetachRolePolicy", { RoleName, PolicyArn }),
  refused("DetachRolePolicy", { RoleName, PolicyArn }).with(gone(`Policy ${PolicyArn} was not found.`)),
  answered("PutRolePolicy", { RoleName, PolicyName: "inline", PolicyDocument: allow("ssm:GetParameter") }),
  answered("DeleteRolePolicy", { RoleName, PolicyName: "inline" }),
  refused("DeleteRolePolicy", { RoleName, PolicyName: "inline" }).with(
    gone("The role policy with name inline cannot be found."),
  ),
  answered("PutRolePermissionsBoundary", { RoleName, PermissionsBoundary: PolicyArn }),
  answered("DeleteRolePermissionsBoundary", { RoleName }),
  answered("CreateInstanceProfile", { InstanceProfileName, Tags }).says({ "InstanceProfile.Tags": Tags }),
  answered("AddRoleToInstanceProfile", { InstanceProfileName, RoleName }),
  answered("TagInstanceProfile", { InstanceProfileName, Tags: [{ Key: "stage", Value: "test" }] }, { since: 2021 }),
  answered("UntagInstanceProfile", { InstanceProfileName, TagKeys: ["stage"] }, { since: 2021 }),
  answered("ListInstanceProfileTags", { InstanceProfileName }, { since: 2021 }).says({ Tags }),
  answered("ListInstanceProfiles").says({ "InstanceProfiles.0.InstanceProfileName": PRESENT }),
  answered("GetUser").says({ "User.Arn": "arn:aws:iam::111122223333:root" }),
  refused("GetUser", { UserName: "jo" }).with("404 NoSuchEntity (NoSuchEntityException)"),
  answered("ListInstanceProfilesForRole", { RoleName }).says({
    "InstanceProfiles.0.InstanceProfileName": InstanceProfileName,
  }),
  refused("DeleteInstanceProfile", { InstanceProfileName }).with(
    conflict("Cannot delete entity, must remove roles from instance profile first."),
  ),
  answered("RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName }),
  refused("RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName }).with(
    gone(`Role ${RoleName} in Instance Profile ${InstanceProfileName} cannot be found.`),
  ),
  answered("DeleteInstanceProfile", { InstanceProfileName }),
  answered("DeleteRole", { RoleName }),
  answered("DeletePolicy", { PolicyArn }),
]);
