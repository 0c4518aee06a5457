import { answered, type FactoryCall, ref, refused } from "../factory-call.ts";

const trust = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service, AWS: "111122223333" }, Action: "sts:AssumeRole" }],
  });
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "ssm:GetParameter", Resource: "*" }],
});
const PolicyArn = "arn:aws:iam::111122223333:policy/read";
const RoleName = "promotion";
const gone = (what: string) => ({ code: "NoSuchEntity", ofSdk: "NoSuchEntityException", status: 404, message: what });

/** IAM and STS. Leaves the roles `builder` (in an instance profile), `machine` and `promotion`. */
export const IDENTITY_CALLS: readonly FactoryCall[] = [
  answered("sts:GetCallerIdentity", {}, { Account: "111122223333", Arn: "arn:aws:iam::111122223333:root" }),
  refused(
    "sts:AssumeRole",
    { RoleArn: "arn:aws:iam::111122223333:role/none", RoleSessionName: "session" },
    { code: "AccessDenied", status: 403, message: "is not authorized to perform: sts:AssumeRole on resource: arn:aws" },
  ),
  answered(
    "iam:CreateRole",
    { RoleName: "builder", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") },
    {
      "Role.Arn": "arn:aws:iam::111122223333:role/builder",
    },
  ),
  answered("iam:CreateRole", { RoleName: "machine", AssumeRolePolicyDocument: trust("states.amazonaws.com") }),
  answered("iam:CreateRole", {
    RoleName,
    Path: "/amint/",
    AssumeRolePolicyDocument: trust("scheduler.amazonaws.com"),
    Tags: [{ Key: "team", Value: "images + more/é" }],
  }),
  refused(
    "iam:CreateRole",
    { RoleName: "builder", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") },
    {
      code: "EntityAlreadyExists",
      ofSdk: "EntityAlreadyExistsException",
      status: 409,
      message: "Role with name builder already exists.",
    },
  ),
  refused(
    "iam:CreateRole",
    { RoleName: "a/b", AssumeRolePolicyDocument: "{}" },
    {
      code: "ValidationError",
      status: 400,
      message: "roleName",
    },
  ),
  answered(
    "iam:CreateServiceLinkedRole",
    { AWSServiceName: "autoscaling.amazonaws.com" },
    {
      "Role.RoleName": "AWSServiceRoleForAutoScaling",
    },
  ),
  answered(
    "iam:GetRole",
    { RoleName },
    { "Role.Path": "/amint/", "Role.Tags": [{ Key: "team", Value: "images + more/é" }] },
  ),
  refused("iam:GetRole", { RoleName: "none" }, gone("The role with name none cannot be found.")),
  answered("iam:ListRoles", { PathPrefix: "/amint/" }, { "Roles.0.RoleName": RoleName }),
  answered("iam:CreatePolicy", { PolicyName: "read", PolicyDocument: policy }, { "Policy.Arn": PolicyArn }),
  refused(
    "iam:CreatePolicy",
    { PolicyName: "broken", PolicyDocument: "{" },
    {
      code: "MalformedPolicyDocument",
      ofSdk: "MalformedPolicyDocumentException",
      status: 400,
      message: "",
    },
  ),
  answered("iam:GetPolicy", { PolicyArn }, { "Policy.DefaultVersionId": "v1" }),
  refused("iam:GetPolicy", { PolicyArn: `${PolicyArn}-none` }, gone(`Policy ${PolicyArn}-none `)),
  answered("iam:GetPolicyVersion", { PolicyArn, VersionId: "v1" }, { "PolicyVersion.IsDefaultVersion": true }),
  answered("iam:AttachRolePolicy", { RoleName, PolicyArn }),
  answered("iam:ListAttachedRolePolicies", { RoleName }, { AttachedPolicies: [{ PolicyName: "read", PolicyArn }] }),
  answered("iam:PutRolePolicy", { RoleName, PolicyName: "inline", PolicyDocument: policy }),
  answered("iam:GetRolePolicy", { RoleName, PolicyName: "inline" }, { PolicyName: "inline" }),
  refused(
    "iam:GetRolePolicy",
    { RoleName, PolicyName: "none" },
    gone("The role policy with name none cannot be found."),
  ),
  answered("iam:ListRolePolicies", { RoleName }, { PolicyNames: ["inline"] }),
  answered("iam:PutRolePermissionsBoundary", { RoleName, PermissionsBoundary: PolicyArn }),
  answered("iam:GetRole", { RoleName }, { "Role.PermissionsBoundary.PermissionsBoundaryArn": PolicyArn }),
  answered(
    "iam:CreateInstanceProfile",
    { InstanceProfileName: "builder" },
    {
      "InstanceProfile.InstanceProfileName": "builder",
    },
  ),
  answered("iam:AddRoleToInstanceProfile", { InstanceProfileName: "builder", RoleName: "builder" }),
  refused(
    "iam:AddRoleToInstanceProfile",
    { InstanceProfileName: "builder", RoleName },
    {
      code: "LimitExceeded",
      ofSdk: "LimitExceededException",
      status: 409,
      message: "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
    },
  ),
  answered(
    "iam:GetInstanceProfile",
    { InstanceProfileName: "builder" },
    {
      "InstanceProfile.Roles.0.RoleName": "builder",
    },
  ),
  refused(
    "iam:DeleteRole",
    { RoleName: "builder" },
    {
      code: "DeleteConflict",
      ofSdk: "DeleteConflictException",
      status: 409,
      message: "Cannot delete entity, must",
    },
  ),
  answered(
    "iam:CreateRole",
    { RoleName: "passing", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") },
    {},
    { as: "passing" },
  ),
  answered(
    "sts:AssumeRole",
    { RoleArn: ref("passing.Role.Arn"), RoleSessionName: "session" },
    { "AssumedRoleUser.Arn": "arn:aws:sts::111122223333:assumed-role/passing/session" },
  ),
  answered("iam:DeleteRole", { RoleName: "passing" }),
];
