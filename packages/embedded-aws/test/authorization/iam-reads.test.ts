import { describe, expect, it, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, rolePrincipal } from "../../src/engine/principal.ts";
import { expectRefusal, refusedStatus } from "../expect-refusal.ts";
import { allow, makeRole, policy, trust } from "../policy.ts";

const ACCOUNT = "111122223333";
const ANYTHING = allow("*");
const AssumeRolePolicyDocument = trust({ Service: "ec2.amazonaws.com" });

function iam() {
  const aws = createAws({ clock: new VirtualClock(Date.UTC(2026, 3, 1, 8)) });
  return <Output = unknown>(operation: string, input: object = {}, principal = accountPrincipal(ACCOUNT)) =>
    aws.call<Output>("iam", operation, input, { principal, region: "us-east-1" });
}

describe("GetUser", () => {
  it("describes the root user to itself, always the same", async () => {
    const call = iam();

    const user = await call("GetUser");

    expect(user).toMatchObject({ User: { Arn: `arn:aws:iam::${ACCOUNT}:root`, UserId: ACCOUNT } });
    expect(await call("GetUser")).toEqual(user);
  });

  it("requires a user name from a role, and finds no user", async () => {
    const call = iam();
    await call("CreateRole", { RoleName: "r", AssumeRolePolicyDocument });
    await call("PutRolePolicy", { RoleName: "r", PolicyName: "all", PolicyDocument: policy(ANYTHING) });
    const session = rolePrincipal(`arn:aws:iam::${ACCOUNT}:role/r`, "s") as ReturnType<typeof accountPrincipal>;

    await expect(call("GetUser", {}, session)).rejects.toMatchObject({ code: "ValidationError" });
    await expectRefusal(
      call("GetUser", { UserName: "jo" }, session),
      "NoSuchEntity",
      "The user with name jo cannot be found.",
    );
  });
});

it("instance profiles are listed by their path, without tags", async () => {
  const call = iam();
  await call("CreateInstanceProfile", { InstanceProfileName: "b", Path: "/build/", Tags: [{ Key: "a", Value: "b" }] });
  await call("CreateInstanceProfile", { InstanceProfileName: "a" });
  const names = async (input: object = {}) => {
    const { InstanceProfiles } = await call<{ InstanceProfiles: object[] }>("ListInstanceProfiles", input);
    return InstanceProfiles;
  };

  expect(await names()).toMatchObject([
    { InstanceProfileName: "a", Tags: undefined },
    { InstanceProfileName: "b", Tags: undefined },
  ]);
  expect(await names({ PathPrefix: "/build/" })).toMatchObject([{ InstanceProfileName: "b" }]);
});

const role = { RoleName: "none" };
const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/none`;
const missing: [string, object][] = [
  ["GetRole", role],
  ["GetRolePolicy", { ...role, PolicyName: "p" }],
  ["ListRolePolicies", role],
  ["ListAttachedRolePolicies", role],
  ["ListInstanceProfilesForRole", role],
  ["DetachRolePolicy", { ...role, PolicyArn }],
  ["DeleteRolePolicy", { ...role, PolicyName: "p" }],
  ["DeleteRole", role],
  ["GetInstanceProfile", { InstanceProfileName: "none" }],
  ["RemoveRoleFromInstanceProfile", { InstanceProfileName: "none", RoleName: "none" }],
  ["DeleteInstanceProfile", { InstanceProfileName: "none" }],
  ["GetPolicy", { PolicyArn }],
  ["GetPolicyVersion", { PolicyArn, VersionId: "v1" }],
  ["ListPolicyVersions", { PolicyArn }],
  ["DeletePolicy", { PolicyArn }],
];
it.each(missing)("%s of what is not there answers NoSuchEntity", async (operation, input) => {
  const asked = iam()(operation, input);
  await expect(asked).rejects.toMatchObject({ code: "NoSuchEntity" });
  expect(await refusedStatus("iam", await asked.catch((refusal) => refusal))).toBe(404);
});

const PolicySourceArn = `arn:aws:iam::${ACCOUNT}:role/deployer`;

/** IAM's simulation of actions for a role with these statements. */
async function simulated(statements: object[], input: object, boundary?: object[]) {
  const aws = createAws({ clock: new VirtualClock(0) });
  const iam = <Output>(operation: string, asked: object) =>
    aws.call<Output>("iam", operation, asked, { principal: accountPrincipal(ACCOUNT), region: "us-east-1" });
  await makeRole(aws, ACCOUNT, "deployer", { AWS: ACCOUNT }, ...statements);
  if (boundary) {
    await iam("CreatePolicy", { PolicyName: "bound", PolicyDocument: policy(...boundary) });
    const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/bound`;
    await iam("PutRolePermissionsBoundary", { RoleName: "deployer", PermissionsBoundary });
  }
  const { EvaluationResults } = await iam<{ EvaluationResults: object[] }>("SimulatePrincipalPolicy", {
    PolicySourceArn,
    ActionNames: ["s3:PutObject"],
    ...input,
  });
  return EvaluationResults;
}

test("a simulation tells allowed, implicitly and explicitly denied apart, resource by resource", async () => {
  const own = { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::own/*" };
  const never = { Effect: "Deny", Action: "s3:PutObject", Resource: "arn:aws:s3:::own/never" };
  const ResourceArns = ["arn:aws:s3:::own/a", "arn:aws:s3:::other/a", "arn:aws:s3:::own/never"];

  expect(await simulated([own, never], { ResourceArns })).toMatchObject([
    { EvalResourceName: ResourceArns[0], EvalDecision: "allowed" },
    { EvalResourceName: ResourceArns[1], EvalDecision: "implicitDeny" },
    { EvalResourceName: ResourceArns[2], EvalDecision: "explicitDeny" },
  ]);
});

test("a simulation names the condition keys whose values it lacks, and counts those that it is given", async () => {
  const tagged = { ...ANYTHING, Condition: { StringEquals: { "aws:RequestTag/team": "images" } } };
  const given = { ContextKeyName: "aws:RequestTag/team", ContextKeyValues: ["images"], ContextKeyType: "string" };

  expect(await simulated([tagged], {})).toMatchObject([
    { EvalDecision: "implicitDeny", MissingContextValues: ["aws:RequestTag/team"] },
  ]);
  expect(await simulated([tagged], { ContextEntries: [given] })).toMatchObject([
    { EvalDecision: "allowed", MissingContextValues: [] },
  ]);
});

test("a simulation stays within the role's permissions boundary, and says so", async () => {
  const reads = { Effect: "Allow", Action: "s3:Get*", Resource: "*" };

  expect(await simulated([ANYTHING], {}, [reads])).toMatchObject([
    { EvalDecision: "implicitDeny", PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
  ]);
});
