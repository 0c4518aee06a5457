import { describe, expect, it } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, rolePrincipal } from "../../src/engine/principal.ts";

const ACCOUNT = "111122223333";
const AssumeRolePolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const everything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

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
    await call("PutRolePolicy", { RoleName: "r", PolicyName: "all", PolicyDocument: everything });
    const session = rolePrincipal(`arn:aws:iam::${ACCOUNT}:role/r`, "s") as ReturnType<typeof accountPrincipal>;

    await expect(call("GetUser", {}, session)).rejects.toMatchObject({ code: "ValidationError" });
    await expect(call("GetUser", { UserName: "jo" }, session)).rejects.toMatchObject({
      code: "NoSuchEntity",
      message: "The user with name jo cannot be found.",
    });
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
  await expect(iam()(operation, input)).rejects.toMatchObject({ code: "NoSuchEntity", status: 404 });
});
