import type {
  CreatePolicyCommandOutput,
  CreatePolicyVersionCommandOutput,
  GetPolicyCommandOutput,
  GetRoleCommandOutput,
  ListInstanceProfilesForRoleCommandOutput,
  ListPolicyVersionsCommandOutput,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { policy, trust } from "../policy.ts";
import { ask, iamCall, ROLE, withRole } from "./authorize-as.ts";

const RoleName = "worker";
const read = { Effect: "Allow", Action: "ssm:GetParameter", Resource: "*" };
const write = { Effect: "Allow", Action: "ssm:PutParameter", Resource: "*" };
const READ = { action: "ssm:GetParameter" };
const WRITE = { action: "ssm:PutParameter" };

const withPolicy = async (statement: object) => {
  const aws = await withRole();
  const asked = { PolicyName: "p", PolicyDocument: policy(statement) };
  const { Policy } = (await iamCall(aws, "CreatePolicy", asked)) as CreatePolicyCommandOutput;
  const PolicyArn = Policy?.Arn ?? "";
  const version = async (document: object, SetAsDefault: boolean) => {
    const PolicyDocument = policy(document);
    const made: CreatePolicyVersionCommandOutput = await iamCall(aws, "CreatePolicyVersion", {
      PolicyArn,
      PolicyDocument,
      SetAsDefault,
    });
    return made.PolicyVersion?.VersionId;
  };
  return { aws, PolicyArn, version };
};

test("a policy that was deleted from a role, or detached, grants nothing", async () => {
  const { aws, PolicyArn } = await withPolicy(read);
  await iamCall(aws, "AttachRolePolicy", { RoleName, PolicyArn });
  await iamCall(aws, "PutRolePolicy", { RoleName, PolicyName: "inline", PolicyDocument: policy(write) });
  const before = [ask(aws, READ), ask(aws, WRITE)];

  await iamCall(aws, "DetachRolePolicy", { RoleName, PolicyArn });
  await iamCall(aws, "DeleteRolePolicy", { RoleName, PolicyName: "inline" });

  expect(before).toEqual(["granted", "granted"]);
  expect(ask(aws, READ)).toContain("is not authorized");
  expect(ask(aws, WRITE)).toContain("is not authorized");
});

test("a policy grants what its default version says", async () => {
  const { aws, PolicyArn, version } = await withPolicy(read);
  await iamCall(aws, "AttachRolePolicy", { RoleName, PolicyArn });

  const second = await version(write, false);
  const asBefore = ask(aws, WRITE);
  await iamCall(aws, "SetDefaultPolicyVersion", { PolicyArn, VersionId: second });
  const { Policy } = (await iamCall(aws, "GetPolicy", { PolicyArn })) as GetPolicyCommandOutput;

  expect(asBefore).toContain("is not authorized");
  expect(ask(aws, WRITE)).toBe("granted");
  expect(ask(aws, READ)).toContain("is not authorized");
  expect(Policy).toMatchObject({ DefaultVersionId: "v2", AttachmentCount: 1 });
});

test("a policy has five versions at most, and their numbers are never given twice", async () => {
  const { aws, PolicyArn, version } = await withPolicy(read);
  for (let n = 2; n <= 5; n++) await version(write, false);

  await expect(version(write, false)).rejects.toMatchObject({ code: "LimitExceeded" });
  await iamCall(aws, "DeletePolicyVersion", { PolicyArn, VersionId: "v5" });
  expect(await version(write, true)).toBe("v6");

  const { Versions = [] }: ListPolicyVersionsCommandOutput = await iamCall(aws, "ListPolicyVersions", { PolicyArn });
  expect(Versions.map(({ VersionId }) => VersionId)).toEqual(["v6", "v4", "v3", "v2", "v1"]);
  expect(Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion).map(({ VersionId }) => VersionId)).toEqual(["v6"]);
});

test("a role's trust policy changes", async () => {
  const aws = await withRole();
  const PolicyDocument = trust({ Service: "states.amazonaws.com" });

  await iamCall(aws, "UpdateAssumeRolePolicy", { RoleName, PolicyDocument });
  const { Role } = (await iamCall(aws, "GetRole", { RoleName })) as GetRoleCommandOutput;

  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(PolicyDocument);
});

test("a boundary bounds until it is taken away", async () => {
  const { aws, PolicyArn } = await withPolicy(read);
  await iamCall(aws, "PutRolePolicy", { RoleName, PolicyName: "inline", PolicyDocument: policy(write) });
  await iamCall(aws, "PutRolePermissionsBoundary", { RoleName, PermissionsBoundary: PolicyArn });
  const bounded = ask(aws, WRITE);

  await iamCall(aws, "DeleteRolePermissionsBoundary", { RoleName });

  expect(bounded).toContain("permissions boundary");
  expect(ask(aws, WRITE)).toBe("granted");
});

test("a role goes after its policies and its instance profile", async () => {
  const { aws, PolicyArn } = await withPolicy(read);
  const profile = { InstanceProfileName: "builders" };
  await iamCall(aws, "CreateInstanceProfile", profile);
  await iamCall(aws, "AddRoleToInstanceProfile", { ...profile, RoleName });
  await iamCall(aws, "AttachRolePolicy", { RoleName, PolicyArn });
  await iamCall(aws, "PutRolePolicy", { RoleName, PolicyName: "inline", PolicyDocument: policy(write) });
  const refusal = (operation: string, input: object): Promise<string> =>
    iamCall(aws, operation, input).catch(({ code, message }) => `${code}: ${message}`);

  const refusals = [await refusal("DeleteRole", { RoleName })];
  await iamCall(aws, "DeleteRolePolicy", { RoleName, PolicyName: "inline" });
  refusals.push(await refusal("DeleteRole", { RoleName }), await refusal("DeletePolicy", { PolicyArn }));
  await iamCall(aws, "DetachRolePolicy", { RoleName, PolicyArn });
  refusals.push(await refusal("DeleteRole", { RoleName }), await refusal("DeleteInstanceProfile", profile));
  const listed: ListInstanceProfilesForRoleCommandOutput = await iamCall(aws, "ListInstanceProfilesForRole", {
    RoleName,
  });
  await iamCall(aws, "RemoveRoleFromInstanceProfile", { ...profile, RoleName });
  for (const [operation, input] of [
    ["DeleteInstanceProfile", profile],
    ["DeleteRole", { RoleName }],
    ["DeletePolicy", { PolicyArn }],
  ] as const) {
    await iamCall(aws, operation, input);
  }

  expect(refusals).toEqual([
    "DeleteConflict: Cannot delete entity, must delete policies first.",
    "DeleteConflict: Cannot delete entity, must detach all policies first.",
    "DeleteConflict: Cannot delete a policy attached to entities.",
    "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.",
    "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.",
  ]);
  expect(listed.InstanceProfiles?.[0]).toMatchObject({ ...profile, Roles: [{ Arn: ROLE }] });
  await expect(iamCall(aws, "GetRole", { RoleName })).rejects.toMatchObject({ code: "NoSuchEntity" });
});

test.each<[what: string, operation: string, input: object, code: string]>([
  ["an inline policy that does not exist", "DeleteRolePolicy", { PolicyName: "none" }, "NoSuchEntity"],
  ["a policy that is not attached", "DetachRolePolicy", { PolicyArn: "arn:aws:iam::aws:policy/p" }, "NoSuchEntity"],
  [
    "a trust policy that names resources",
    "UpdateAssumeRolePolicy",
    { PolicyDocument: policy(read) },
    "MalformedPolicyDocument",
  ],
  ["a boundary that does not exist", "DeleteRolePermissionsBoundary", {}, "NoSuchEntity"],
])("%s is refused", async (_, operation, input, code) => {
  const aws = await withRole();

  await expect(iamCall(aws, operation, { RoleName, ...input })).rejects.toMatchObject({ code });
});

test("a role of a service is only changed by AWS", async () => {
  const aws = await withRole();
  await iamCall(aws, "CreateServiceLinkedRole", { AWSServiceName: "autoscaling.amazonaws.com" });
  const service = { RoleName: "AWSServiceRoleForAutoScaling" };

  await expect(iamCall(aws, "DeleteRole", service)).rejects.toMatchObject({ code: "UnmodifiableEntity" });
  await expect(iamCall(aws, "UpdateRole", service)).rejects.toMatchObject({ code: "UnmodifiableEntity" });
});

test("AWS's own policies do not change", async () => {
  const aws = await withRole();
  const PolicyArn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

  await expect(iamCall(aws, "CreatePolicyVersion", { PolicyArn, PolicyDocument: policy(write) })).rejects.toMatchObject(
    { code: "AccessDenied" },
  );
});
