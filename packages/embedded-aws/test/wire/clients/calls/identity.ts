import { allow } from "../../../policy.ts";
import { answered, type FactoryCall, ofService, ref, refused } from "../factory-call.ts";

const trust = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service, AWS: "111122223333" }, Action: "sts:AssumeRole" }],
  });
const policy = JSON.stringify({ Version: "2012-10-17", Statement: [allow("ssm:GetParameter")] });
const PolicyArn = "arn:aws:iam::111122223333:policy/read";
const RoleName = "promotion";
const gone = (what: string) => `404 NoSuchEntity (NoSuchEntityException): ${what}`;

/** IAM and STS. Leaves the roles `builder` (in an instance profile), `machine` and `promotion`. */
export const IDENTITY_CALLS: readonly FactoryCall[] = ofService("iam", [
  answered("sts:GetCallerIdentity").says({ Account: "111122223333", Arn: "arn:aws:iam::111122223333:root" }),
  refused("sts:AssumeRole", { RoleArn: "arn:aws:iam::111122223333:role/none", RoleSessionName: "session" }).with(
    "403 AccessDenied: is not authorized to perform: sts:AssumeRole on resource: arn:aws",
  ),
  answered("CreateRole", { RoleName: "builder", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") }).says({
    "Role.Arn": "arn:aws:iam::111122223333:role/builder",
  }),
  answered("CreateRole", { RoleName: "machine", AssumeRolePolicyDocument: trust("states.amazonaws.com") }),
  answered("CreateRole", {
    RoleName,
    Path: "/amint/",
    AssumeRolePolicyDocument: trust("scheduler.amazonaws.com"),
    Tags: [{ Key: "team", Value: "images + more/é" }],
  }),
  refused("CreateRole", { RoleName: "builder", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") }).with(
    "409 EntityAlreadyExists (EntityAlreadyExistsException): Role with name builder already exists.",
  ),
  refused("CreateRole", { RoleName: "a/b", AssumeRolePolicyDocument: "{}" }).with("400 ValidationError: roleName"),
  answered("CreateServiceLinkedRole", { AWSServiceName: "autoscaling.amazonaws.com" }).says({
    "Role.RoleName": "AWSServiceRoleForAutoScaling",
  }),
  answered("GetRole", { RoleName }).says({
    "Role.Path": "/amint/",
    "Role.Tags": [{ Key: "team", Value: "images + more/é" }],
  }),
  refused("GetRole", { RoleName: "none" }).with(gone("The role with name none cannot be found.")),
  answered("ListRoles", { PathPrefix: "/amint/" }).says({ "Roles.0.RoleName": RoleName }),
  answered("CreatePolicy", { PolicyName: "read", PolicyDocument: policy }).says({ "Policy.Arn": PolicyArn }),
  refused("CreatePolicy", { PolicyName: "broken", PolicyDocument: "{" }).with(
    "400 MalformedPolicyDocument (MalformedPolicyDocumentException)",
  ),
  answered("GetPolicy", { PolicyArn }).says({ "Policy.DefaultVersionId": "v1" }),
  refused("GetPolicy", { PolicyArn: `${PolicyArn}-none` }).with(gone(`Policy ${PolicyArn}-none `)),
  answered("GetPolicyVersion", { PolicyArn, VersionId: "v1" }).says({ "PolicyVersion.IsDefaultVersion": true }),
  answered("AttachRolePolicy", { RoleName, PolicyArn }),
  answered("ListAttachedRolePolicies", { RoleName }).says({ AttachedPolicies: [{ PolicyName: "read", PolicyArn }] }),
  answered("PutRolePolicy", { RoleName, PolicyName: "inline", PolicyDocument: policy }),
  answered("GetRolePolicy", { RoleName, PolicyName: "inline" }).says({ PolicyName: "inline" }),
  refused("GetRolePolicy", { RoleName, PolicyName: "none" }).with(
    gone("The role policy with name none cannot be found."),
  ),
  answered("ListRolePolicies", { RoleName }).says({ PolicyNames: ["inline"] }),
  answered("PutRolePermissionsBoundary", { RoleName, PermissionsBoundary: PolicyArn }),
  answered("GetRole", { RoleName }).says({ "Role.PermissionsBoundary.PermissionsBoundaryArn": PolicyArn }),
  answered("CreateInstanceProfile", { InstanceProfileName: "builder" }).says({
    "InstanceProfile.InstanceProfileName": "builder",
  }),
  answered("AddRoleToInstanceProfile", { InstanceProfileName: "builder", RoleName: "builder" }),
  refused("AddRoleToInstanceProfile", { InstanceProfileName: "builder", RoleName }).with(
    "409 LimitExceeded (LimitExceededException): Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
  ),
  answered("GetInstanceProfile", { InstanceProfileName: "builder" }).says({
    "InstanceProfile.Roles.0.RoleName": "builder",
  }),
  refused("DeleteRole", { RoleName: "builder" }).with(
    "409 DeleteConflict (DeleteConflictException): Cannot delete entity, must",
  ),
  answered("CreateRole as passing", { RoleName: "passing", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") }),
  answered("sts:AssumeRole", { RoleArn: ref("passing.Role.Arn"), RoleSessionName: "session" }).says({
    "AssumedRoleUser.Arn": "arn:aws:sts::111122223333:assumed-role/passing/session",
  }),
  answered("DeleteRole", { RoleName: "passing" }),
]);
