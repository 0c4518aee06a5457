import { expect, test } from "vitest";
import { rolePrincipal } from "../../src/engine/principal.ts";
import { allow } from "../policy.ts";
import { anOrganization, FACTORY, MANAGEMENT, PRODUCTION, ROOT, statement, WEB, WORKLOADS } from "./an-organization.ts";

async function controlled(target: string, ...statements: object[]) {
  const world = anOrganization();
  const { Policy: made } = await world.management.createPolicy({
    Name: "control",
    Description: "",
    Type: "SERVICE_CONTROL_POLICY",
    Content: statement(...statements),
  });
  await world.management.attachPolicy({ PolicyId: made?.PolicySummary?.Id, TargetId: target });
  const describes = (account: string) => world.call("ec2", "DescribeVpcs", {}, account);
  return { ...world, describes };
}

const DENY = { Effect: "Deny", Action: "ec2:DescribeVpcs", Resource: "*" };

test("a deny at the root binds every member account's root user, and not the management account", async () => {
  const { describes } = await controlled(ROOT, DENY);

  await expect(describes(WEB)).rejects.toMatchObject({
    code: "UnauthorizedOperation",
    message: expect.stringContaining("with an explicit deny in a service control policy"),
  });
  await expect(describes(FACTORY)).rejects.toMatchObject({ code: "UnauthorizedOperation" });
  await expect(describes(MANAGEMENT)).resolves.toBeDefined();
  await expect(describes("555566667777")).resolves.toBeDefined();
});

test("a deny at an OU applies to the accounts below it, at any depth", async () => {
  const { describes } = await controlled(WORKLOADS, DENY);

  await expect(describes(WEB)).rejects.toMatchObject({ code: "UnauthorizedOperation" });
  await expect(describes(FACTORY)).resolves.toBeDefined();
});

test("every level must allow: without FullAWSAccess at an OU only what its other policies allow is left", async () => {
  const { describes, management, call } = await controlled(PRODUCTION, allow("ec2:*"));

  await management.detachPolicy({ PolicyId: "p-FullAWSAccess", TargetId: PRODUCTION });

  await expect(describes(WEB)).resolves.toBeDefined();
  await expect(call("ssm", "GetParameters", { Names: ["/a"] }, WEB)).rejects.toMatchObject({
    code: "AccessDeniedException",
    message: expect.stringContaining("because no service control policy allows the ssm:GetParameters action"),
  });
});

test("a service control policy grants nothing, and its conditions are those of the request", async () => {
  const { aws, call } = await controlled(ROOT, {
    ...DENY,
    Condition: { StringNotEquals: { "aws:RequestedRegion": "eu-west-1" } },
  });
  const trust = statement({ Effect: "Allow", Principal: { AWS: WEB }, Action: "sts:AssumeRole" });
  await call("iam", "CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: trust }, WEB);
  const principal = rolePrincipal(`arn:aws:iam::${WEB}:role/worker`, "session");
  const describe = (region: string) => aws.call("ec2", "DescribeVpcs", {}, { principal, region });

  await expect(describe("eu-west-1")).rejects.toMatchObject({
    message: expect.stringContaining("no identity-based policy allows"),
  });
  const PolicyDocument = statement(allow("ec2:*"));
  await call("iam", "PutRolePolicy", { RoleName: "worker", PolicyName: "p", PolicyDocument }, WEB);

  await expect(describe("eu-west-1")).resolves.toBeDefined();
  await expect(describe("eu-central-1")).rejects.toMatchObject({
    message: expect.stringContaining("explicit deny in a service control policy"),
  });
});
