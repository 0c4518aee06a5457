import {
  DescribeResourcePolicyCommand,
  ListAccountsCommand,
  ListRootsCommand,
  MoveAccountCommand,
} from "@aws-sdk/client-organizations";
import { AssumeRoleCommand, STS } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { allow, makeRole, policy } from "../policy.ts";
import { anOrganization, FACTORY, MANAGEMENT, ROOT, WEB, WORKLOADS } from "./an-organization.ts";

const STACK_SETS = "member.org.stacksets.cloudformation.amazonaws.com";

test("a resource policy lets a member account read exactly what it lists", async () => {
  const { management, as } = anOrganization();
  const factory = as(FACTORY);
  await expect(factory.listAccounts({})).rejects.toMatchObject({ name: "AccessDeniedException" });
  const Content = policy({
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${FACTORY}:root` },
    Action: ["organizations:ListAccounts", "organizations:ListParents", "organizations:DescribeAccount"],
    Resource: "*",
  });

  const put = await management.putResourcePolicy({ Content });
  const { Accounts: accounts } = await factory.listAccounts({});
  const { Parents: parents } = await factory.listParents({ ChildId: WEB });

  expect(put.ResourcePolicy?.ResourcePolicySummary?.Arn).toMatch(
    `arn:aws:organizations::${MANAGEMENT}:resourcepolicy/o-exampleorg1/rp-`,
  );
  expect(accounts).toHaveLength(3);
  expect(parents).toHaveLength(1);
  for (const [client, command] of [
    [factory, new ListRootsCommand({})],
    [factory, new DescribeResourcePolicyCommand({})],
    [factory, new MoveAccountCommand({ AccountId: WEB, SourceParentId: ROOT, DestinationParentId: WORKLOADS })],
    [as(WEB), new ListAccountsCommand({})],
  ] as const) {
    await expect(client.send(command as never)).rejects.toMatchObject({ name: "AccessDeniedException" });
  }
});

test("a role of the delegated account also needs its own policies' permission", async () => {
  const { aws, management, as, requestHandler } = anOrganization();
  await makeRole(aws, FACTORY, "reader", { AWS: FACTORY }, allow("organizations:ListAccounts"));
  await makeRole(aws, FACTORY, "idle", { AWS: FACTORY });
  const Principal = { AWS: FACTORY };
  const Content = policy({ Effect: "Allow", Principal, Action: "organizations:List*", Resource: "*" });
  const sts = new STS({
    region: "us-east-1",
    credentials: { accessKeyId: FACTORY, secretAccessKey: "any" },
    requestHandler,
  });
  const sessionOf = async (role: string) => {
    const taken = new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${FACTORY}:role/${role}`,
      RoleSessionName: "session",
    });
    const { Credentials: keys } = await sts.send(taken);
    return as(keys?.AccessKeyId ?? "", { sessionToken: keys?.SessionToken ?? "" });
  };
  const reader = await sessionOf("reader");
  const idle = await sessionOf("idle");

  await expect(reader.listAccounts({})).rejects.toMatchObject({ name: "AccessDeniedException" });
  await management.putResourcePolicy({ Content });

  expect((await reader.listAccounts({})).Accounts).toHaveLength(3);
  await expect(idle.listAccounts({})).rejects.toThrow(/no identity-based policy allows/);
});

test("a resource policy that delegates too much, or to strangers, is refused", async () => {
  const { management } = anOrganization();
  const put = (one: object) =>
    management.putResourcePolicy({ Content: policy({ Effect: "Allow", Resource: "*", ...one }) });
  const Principal = { AWS: FACTORY };

  await expect(put({ Principal, Action: "organizations:MoveAccount" })).rejects.toMatchObject({
    name: "InvalidInputException",
    Reason: "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY",
  });
  await expect(put({ Principal: { AWS: "555566667777" }, Action: "organizations:ListRoots" })).rejects.toMatchObject({
    Reason: "INVALID_PRINCIPAL",
  });
  await expect(put({ Action: "organizations:ListRoots" })).rejects.toMatchObject({
    Reason: "INVALID_RESOURCE_POLICY_JSON",
  });
  await expect(management.putResourcePolicy({ Content: "{" })).rejects.toMatchObject({
    Reason: "INVALID_RESOURCE_POLICY_JSON",
  });
});

test("a service is trusted before an account administers it, which then may read and not write", async () => {
  const { management, as } = anOrganization();
  const register = (AccountId: string) =>
    management.registerDelegatedAdministrator({ AccountId, ServicePrincipal: STACK_SETS });
  await expect(register(FACTORY)).rejects.toMatchObject({ Reason: "SERVICE_ACCESS_NOT_ENABLED" });

  await management.enableAWSServiceAccess({ ServicePrincipal: STACK_SETS });
  const trusted = await management.listAWSServiceAccessForOrganization({});
  await register(FACTORY);
  const read = await as(FACTORY).describeAccount({ AccountId: WEB });

  expect(trusted.EnabledServicePrincipals?.map(({ ServicePrincipal }) => ServicePrincipal)).toEqual([
    "cloudtrail.amazonaws.com",
    STACK_SETS,
  ]);
  expect(read.Account?.Id).toBe(WEB);
  await expect(as(FACTORY).closeAccount({ AccountId: WEB })).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(register(MANAGEMENT)).rejects.toMatchObject({
    Reason: "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
  });
  await expect(register(FACTORY)).rejects.toMatchObject({ name: "AccountAlreadyRegisteredException" });
  await expect(management.removeAccountFromOrganization({ AccountId: FACTORY })).rejects.toMatchObject({
    Reason: "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
  });
});

test("without all features no service can be trusted", async () => {
  const { management } = anOrganization({ featureSet: "CONSOLIDATED_BILLING" });

  await expect(management.enableAWSServiceAccess({ ServicePrincipal: STACK_SETS })).rejects.toMatchObject({
    Reason: "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
  });
  await expect(management.disableAWSServiceAccess({ ServicePrincipal: "unknown.example.com" })).rejects.toMatchObject({
    Reason: "UNRECOGNIZED_SERVICE_PRINCIPAL",
  });
});
