import { allow } from "../../../policy.ts";
import { answered, type FactoryCall, ofService, ref, refused } from "../factory-call.ts";

const trust = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service, AWS: "111122223333" }, Action: "sts:AssumeRole" }],
  });
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [allow("ssm:GetParameter")],
});
const PolicyArn = "arn:aws:iam::111122223333:policy/read";
const RoleName = "promotion";
const gone = (what: string) => `404 NoSuchEntity (NoSuchEntityException): ${what}`;

/** IAM and STS. Leaves the roles `builder` (in an instance profile), `machine` and `promotion`. */
export const IDENTITY_CALLS: readonly FactoryCall[] = ofService("iam", [
  answered("sts:GetCallerIdentity", {}, { Account: "111122223333", Arn: "arn:aws:iam::111122223333:root" }),
  refused(
    "sts:AssumeRole",
    { RoleArn: "arn:aws:iam::111122223333:role/none", RoleSessionName: "session" },
    "403 AccessDenied: is not authorized to perform: sts:AssumeRole on resource: arn:aws",
  ),
  answered(
    "CreateRole",
    { RoleName: "builder", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") },
    { "Role.Arn": "arn:aws:iam::111122223333:role/builder" },
  ),
  answered("CreateRole", { RoleName: "machine", AssumeRolePolicyDocument: trust("states.amazonaws.com") }),
  answered("CreateRole", {
    RoleName,
    Path: "/amint/",
    AssumeRolePolicyDocument: trust("scheduler.amazonaws.com"),
    Tags: [{ Key: "team", Value: "images + more/é" }],
  }),
  refused(
    "CreateRole",
    { RoleName: "builder", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") },
    "409 EntityAlreadyExists (EntityAlreadyExistsException): Role with name builder already exists.",
  ),
  refused("CreateRole", { RoleName: "a/b", AssumeRolePolicyDocument: "{}" }, "400 ValidationError: roleName"),
  answered(
    "CreateServiceLinkedRole",
    { AWSServiceName: "autoscaling.amazonaws.com" },
    { "Role.RoleName": "AWSServiceRoleForAutoScaling" },
  ),
  answered(
    "GetRole",
    { RoleName },
    { "Role.Path": "/amint/", "Role.Tags": [{ Key: "team", Value: "images + more/é" }] },
  ),
  refused("GetRole", { RoleName: "none" }, gone("The role with name none cannot be found.")),
  answered("ListRoles", { PathPrefix: "/amint/" }, { "Roles.0.RoleName": RoleName }),
  answered("CreatePolicy", { PolicyName: "read", PolicyDocument: policy }, { "Policy.Arn": PolicyArn }),
  refused(
    "CreatePolicy",
    { PolicyName: "broken", PolicyDocument: "{" },
    "400 MalformedPolicyDocument (MalformedPolicyDocumentException)",
  ),
  answered("GetPolicy", { PolicyArn }, { "Policy.DefaultVersionId": "v1" }),
  refused("GetPolicy", { PolicyArn: `${PolicyArn}-none` }, gone(`Policy ${PolicyArn}-none `)),
  answered("GetPolicyVersion", { PolicyArn, VersionId: "v1" }, { "PolicyVersion.IsDefaultVersion": true }),
  answered("AttachRolePolicy", { RoleName, PolicyArn }),
  answered("ListAttachedRolePolicies", { RoleName }, { AttachedPolicies: [{ PolicyName: "read", PolicyArn }] }),
  answered("PutRolePolicy", { RoleName, PolicyName: "inline", PolicyDocument: policy }),
  answered("GetRolePolicy", { RoleName, PolicyName: "inline" }, { PolicyName: "inline" }),
  refused("GetRolePolicy", { RoleName, PolicyName: "none" }, gone("The role policy with name none cannot be found.")),
  answered("ListRolePolicies", { RoleName }, { PolicyNames: ["inline"] }),
  answered("PutRolePermissionsBoundary", { RoleName, PermissionsBoundary: PolicyArn }),
  answered("GetRole", { RoleName }, { "Role.PermissionsBoundary.PermissionsBoundaryArn": PolicyArn }),
  answered(
    "CreateInstanceProfile",
    { InstanceProfileName: "builder" },
    { "InstanceProfile.InstanceProfileName": "builder" },
  ),
  answered("AddRoleToInstanceProfile", { InstanceProfileName: "builder", RoleName: "builder" }),
  refused(
    "AddRoleToInstanceProfile",
    { InstanceProfileName: "builder", RoleName },
    "409 LimitExceeded (LimitExceededException): Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
  ),
  answered("GetInstanceProfile", { InstanceProfileName: "builder" }, { "InstanceProfile.Roles.0.RoleName": "builder" }),
  refused(
    "DeleteRole",
    { RoleName: "builder" },
    "409 DeleteConflict (DeleteConflictException): Cannot delete entity, must",
  ),
  answered(
    "CreateRole",
    { RoleName: "passing", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") },
    {},
    { as: "passing" },
  ),
  answered(
    "sts:AssumeRole",
    { RoleArn: ref("passing.Role.Arn"), RoleSessionName: "session" },
    { "AssumedRoleUser.Arn": "arn:aws:sts::111122223333:assumed-role/passing/session" },
  ),
  answered("DeleteRole", { RoleName: "passing" }),
]);
