import type { CreateResourceShareCommandInput } from "@aws-sdk/client-ram";
import { expect, test } from "vitest";
import { organizationWith } from "../../src/services/organizations/state.ts";
import {
  FACTORY,
  MANAGEMENT,
  ORGANIZATION,
  PRODUCTION,
  REGION,
  SANDBOX,
  SANDBOX_UNIT,
  STRANGER,
  WORKLOADS_UNIT,
} from "../ec2/an-aws.ts";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { arnOf, STABLE, sharing } from "./shared-aws.ts";

test("A share takes effect a moment after it was made, and says so", async () => {
  const { share, read, principals, pass, ram } = await sharing();

  const arn = await share({ principals: [WORKLOADS_UNIT], allowExternalPrincipals: false });
  const before = [await read(PRODUCTION), await principals()];
  await pass(10);
  const after = [await read(PRODUCTION), await principals()];
  const { resourceShares } = await ram().getResourceShares({ resourceOwner: "SELF" });

  expect(before).toEqual(["AccessDeniedException", [`${WORKLOADS_UNIT} ASSOCIATING`]]);
  expect(after).toEqual(["ami-of-stable", [`${WORKLOADS_UNIT} ASSOCIATED`]]);
  expect(resourceShares).toMatchObject([
    { resourceShareArn: arn, name: "stable", owningAccountId: FACTORY, status: "ACTIVE", featureSet: "STANDARD" },
  ]);
  expect(arn).toMatch(`arn:aws:ram:${REGION}:${FACTORY}:resource-share/`);
});

test("An OU includes the accounts below it, also nested ones; an organization all its accounts and no others", async () => {
  const { share, read, pass } = await sharing();
  await share({ principals: [WORKLOADS_UNIT] });
  await share({ principals: [ORGANIZATION], resourceArns: [arnOf("/amint/base/candidate")] });
  await pass(10);

  const stable = [await read(PRODUCTION), await read(SANDBOX), await read(STRANGER)];
  const candidate = await Promise.all(
    [PRODUCTION, SANDBOX, MANAGEMENT, STRANGER].map((account) => read(account, arnOf("/amint/base/candidate"))),
  );

  expect(stable).toEqual(["ami-of-stable", "AccessDeniedException", "AccessDeniedException"]);
  expect(candidate).toEqual(["ami-of-candidate", "ami-of-candidate", "ami-of-candidate", "AccessDeniedException"]);
});

test("An account that leaves or joins an OU loses or gains the OU's shares", async () => {
  const { share, read, pass, call } = await sharing();
  await share({ principals: [SANDBOX_UNIT] });
  await pass(10);

  await call(MANAGEMENT, "organizations", "MoveAccount", {
    AccountId: PRODUCTION,
    SourceParentId: "ou-abcd-producti",
    DestinationParentId: "ou-abcd-sandbox1",
  });
  await call(MANAGEMENT, "organizations", "MoveAccount", {
    AccountId: SANDBOX,
    SourceParentId: "ou-abcd-sandbox1",
    DestinationParentId: "ou-abcd-workload",
  });

  expect([await read(PRODUCTION), await read(SANDBOX)]).toEqual(["ami-of-stable", "AccessDeniedException"]);
});

test("A share is of one region", async () => {
  const { share, pass, ram, aws } = await sharing();
  await share({ principals: [SANDBOX] });
  await pass(10);

  const elsewhere = await ram(FACTORY, "us-east-1").getResourceShares({ resourceOwner: "SELF" });
  const foreign = ram(FACTORY, "us-east-1").createResourceShare({ name: "far", resourceArns: [STABLE] });

  expect(elsewhere.resourceShares).toEqual([]);
  await expect(foreign).rejects.toMatchObject({ name: "UnknownResourceException" });
  expect(aws.clock.now()).toBeGreaterThan(0);
});

test.each<[string, Partial<CreateResourceShareCommandInput>, string, RegExp]>([
  ["an organization's bare id", { principals: ["o-exampleorg1"] }, "InvalidParameterException", /is malformed/],
  ["an OU of another organization", { principals: [`${WORKLOADS_UNIT}x`] }, "UnknownResourceException", /ou-abcd/],
  ["no ARN", { resourceArns: ["parameter"] }, "MalformedArnException", /parameter is not valid/],
  ["a parameter that does not exist", { resourceArns: [arnOf("/none")] }, "UnknownResourceException", /none/],
  ["another account's", { resourceArns: [STABLE.replace(FACTORY, SANDBOX)] }, "AccessDeniedException", /ssm/],
  ["an unknown permission", { permissionArns: ["arn:aws:ram::aws:permission/No"] }, "UnknownResourceException", /No/],
  ["what is not built", { resourceArns: ["arn:aws:ec2:eu-west-1:111122223333:vpc/v-1"] }, "NotImplemented", /only/],
])("Refused: %s", async (_, input, name, message) => {
  const { share, ram } = await sharing();

  const refusal = await share(input).catch((one: Error) => one);
  const { resourceShares } = await ram().getResourceShares({ resourceOwner: "SELF" });

  expect(refusal).toMatchObject({ name, message: expect.stringMatching(message) });
  expect(resourceShares).toEqual([]);
});

test("Only advanced parameters are shared, and only the management account turns organization sharing on", async () => {
  const { share, call, ram } = await sharing({ organization: false });
  await call(FACTORY, "ssm", "PutParameter", { Name: "/standard", Value: "v", Type: "String" });

  const standard = share({ resourceArns: [arnOf("/standard")] });
  const member = ram(FACTORY).enableSharingWithAwsOrganization({});

  await expect(standard).rejects.toMatchObject({ name: "InvalidParameterException", message: /advanced tier/ });
  await expect(member).rejects.toMatchObject({ name: "OperationNotPermittedException" });
});

test("Principals and resources come and go; a deleted parameter is in no share, nor is its successor", async () => {
  const { share, read, pass, ram, call } = await sharing();
  const resourceShareArn = await share({ principals: [SANDBOX], clientToken: "once" });
  const same = await share({ principals: [SANDBOX], clientToken: "once" });
  await pass(10);

  await ram().disassociateResourceShare({ resourceShareArn, principals: [SANDBOX] });
  const leaving = await read(SANDBOX);
  await ram().associateResourceShare({ resourceShareArn, principals: [PRODUCTION] });
  await pass(10);
  const joined = [await read(PRODUCTION), await read(SANDBOX)];
  await call(FACTORY, "ssm", "DeleteParameter", { Name: "/amint/base/stable" });
  await call(FACTORY, "ssm", "PutParameter", {
    Name: "/amint/base/stable",
    Value: "v",
    Type: "String",
    Tier: "Advanced",
  });
  const { resources } = await ram().listResources({ resourceOwner: "SELF" });

  expect(same).toBe(resourceShareArn);
  expect(leaving).toBe("AccessDeniedException");
  expect(joined).toEqual(["ami-of-stable", "AccessDeniedException"]);
  expect(resources).toEqual([]);
  expect(await read(PRODUCTION)).toBe("AccessDeniedException");
});

test("Both sides list what is shared, with whom and by whom", async () => {
  const { share, pass, ram } = await sharing();
  const arn = await share({ principals: [WORKLOADS_UNIT, SANDBOX] });
  await pass(10);

  const own = await ram().listPrincipals({ resourceOwner: "SELF", resourceArn: STABLE });
  const given = await ram(SANDBOX).listResources({ resourceOwner: "OTHER-ACCOUNTS" });
  const givers = await ram(SANDBOX).listPrincipals({ resourceOwner: "OTHER-ACCOUNTS" });
  const shares = await ram(SANDBOX).getResourceShares({ resourceOwner: "OTHER-ACCOUNTS" });
  const none = await ram(STRANGER).listResources({ resourceOwner: "OTHER-ACCOUNTS" });

  expect(own.principals?.map(({ id, external }) => [id, external])).toEqual([
    [WORKLOADS_UNIT, false],
    [SANDBOX, false],
  ]);
  expect(given.resources).toMatchObject([{ arn: STABLE, type: "ssm:Parameter", resourceShareArn: arn }]);
  expect(givers.principals).toMatchObject([{ id: FACTORY }]);
  expect(shares.resourceShares).toMatchObject([{ resourceShareArn: arn, owningAccountId: FACTORY }]);
  expect(none.resources).toEqual([]);
});

test("A share is renamed, tagged, and deleted; a deleted one has no effect and disappears later", async () => {
  const { share, read, pass, ram } = await sharing();
  const resourceShareArn = await share({ principals: [SANDBOX], tags: [{ key: "image", value: "base" }] });
  const seen = async () => (await ram().getResourceShares({ resourceOwner: "SELF" })).resourceShares ?? [];
  await ram().updateResourceShare({ resourceShareArn, name: "renamed" });
  await ram().tagResource({ resourceShareArn, tags: [{ key: "team", value: "images" }] });
  await ram().untagResource({ resourceShareArn, tagKeys: ["image"] });
  await pass(10);

  const [before] = await seen();
  await ram().deleteResourceShare({ resourceShareArn });
  const denied = await read(SANDBOX);
  await pass(10);
  const [deleted] = await seen();
  await pass(3 * 3600);

  expect(before).toMatchObject({ name: "renamed", tags: [{ key: "team", value: "images" }] });
  expect(denied).toBe("AccessDeniedException");
  expect(deleted).toMatchObject({ status: "DELETED" });
  expect(await seen()).toEqual([]);
});

test("Sharing takes the right to write the parameter's policy, too", async () => {
  const { role } = await sharing();
  const create = { name: "stable", resourceArns: [STABLE], principals: [SANDBOX] };

  const narrow = await role(FACTORY, "ram:*");
  const enough = await role(FACTORY, ["ram:*", "ssm:PutResourcePolicy", "ssm:GetResourcePolicies"]);

  await expectRefusal(
    narrow("ram", "CreateResourceShare", create),
    "AccessDeniedException",
    containing("ssm:GetResourcePolicies"),
  );
  await expect(enough("ram", "CreateResourceShare", create)).resolves.toBeDefined();
});

test("Shares of a closed account have no effect", async () => {
  const { share, read, pass, call } = await sharing();
  await share({ principals: [SANDBOX] });
  await pass(10);
  const before = await read(SANDBOX);

  await call(MANAGEMENT, "organizations", "CloseAccount", { AccountId: FACTORY });
  await pass(10);

  expect([before, await read(SANDBOX)]).toEqual(["ami-of-stable", "AccessDeniedException"]);
});

test("Who leaves the organization loses what it was given in it, and the share forgets it", async () => {
  const { share, read, pass, aws, principals } = await sharing();
  await share({ principals: [SANDBOX, ORGANIZATION] });
  await pass(10);
  const before = [await read(SANDBOX), (await principals()).length];

  const organization = organizationWith(aws, SANDBOX);
  organization?.units.get(organization.accounts.get(SANDBOX)?.parent ?? "")?.accounts.delete(SANDBOX);
  organization?.accounts.delete(SANDBOX);

  expect(before).toEqual(["ami-of-stable", 2]);
  expect([await read(SANDBOX), await principals()]).toEqual(["AccessDeniedException", [`${ORGANIZATION} ASSOCIATED`]]);
});
