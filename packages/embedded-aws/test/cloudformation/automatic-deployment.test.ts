import { expect, test } from "vitest";
import { FACTORY, MANAGEMENT, PRODUCTION, REGION, SANDBOX } from "../ec2/an-aws.ts";
import { PRODUCTION_UNIT, SANDBOX_UNIT, SERVICE, stackSets, VERIFIER, WORKLOADS } from "./stack-set-aws.ts";

test("An account that joins an OU gets the stack, and loses it when it leaves", async () => {
  const { create, put, move, pass, instances, read } = await stackSets();
  await create();
  await put([WORKLOADS]);

  await move(SANDBOX, SANDBOX_UNIT, PRODUCTION_UNIT);
  await pass(600);
  const joined = [await instances(), await read(SANDBOX)];
  await move(SANDBOX, PRODUCTION_UNIT, SANDBOX_UNIT);
  await pass(600);

  expect(joined[0]).toContain(`${SANDBOX} ${REGION} CURRENT`);
  expect(joined[1]).toBe("first");
  expect(await instances()).not.toContain(`${SANDBOX} ${REGION} CURRENT`);
  expect(await read(SANDBOX)).toBe("ParameterNotFound");
});

test("An account that is created in an OU gets the stack automatically", async () => {
  const { call, create, put, move, pass, instances } = await stackSets();
  await create();
  await put([SANDBOX_UNIT]);

  await call(MANAGEMENT, "organizations", "CreateAccount", { AccountName: "new", Email: "new@example.com" });
  await pass(600);
  const { Accounts } = await call<{ Accounts: { Id: string; Name: string }[] }>(
    MANAGEMENT,
    "organizations",
    "ListAccounts",
  );
  const made = Accounts.find(({ Name }) => Name === "new")?.Id ?? "";
  await move(made, "r-abcd", SANDBOX_UNIT);
  await pass(600);

  expect(made).toMatch(/^\d{12}$/);
  expect(await instances()).toContain(`${made} ${REGION} CURRENT`);
});

test("Retained stacks stay behind, and without automatic deployment nothing follows", async () => {
  const retaining = await stackSets();
  await retaining.create({ AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: true } });
  await retaining.put([WORKLOADS]);
  const still = await stackSets();
  await still.create({ AutoDeployment: { Enabled: false } });
  await still.put([WORKLOADS]);

  for (const { move, pass } of [retaining, still]) {
    await move(PRODUCTION, PRODUCTION_UNIT, SANDBOX_UNIT);
    await pass(600);
  }

  expect(await retaining.instances()).toEqual([`${FACTORY} ${REGION} CURRENT`]);
  expect(await retaining.read(PRODUCTION)).toBe("first");
  expect(await still.instances()).toContain(`${PRODUCTION} ${REGION} CURRENT`);
});

test("The role that a set creates in member accounts can be assumed by the factory", async () => {
  const { create, put, role } = await stackSets();
  await create({ TemplateBody: VERIFIER, Capabilities: ["CAPABILITY_NAMED_IAM"] });
  await put([WORKLOADS]);
  const caller = await role(FACTORY, "sts:AssumeRole");

  const RoleArn = `arn:aws:iam::${PRODUCTION}:role/amint-verifier`;

  await expect(caller("sts", "AssumeRole", { RoleArn, RoleSessionName: "verify" })).resolves.toBeDefined();
});

test("A delegated administrator works on the management account's sets, and other members on none", async () => {
  const { as, call, cloudformation, create } = await stackSets();
  await create();
  const member = cloudformation(FACTORY);
  const list = () => member.listStackSets({ CallAs: "DELEGATED_ADMIN" });

  const before = await list().catch((one: Error) => one);
  await call(MANAGEMENT, "organizations", "RegisterDelegatedAdministrator", {
    AccountId: FACTORY,
    ServicePrincipal: SERVICE,
  });
  const { Summaries } = await list();
  await create({ StackSetName: "delegated", CallAs: "DELEGATED_ADMIN" }, member);
  const { StackSet: set } = await as.describeStackSet({ StackSetName: "delegated" });

  expect(before).toMatchObject({ name: "ValidationError", message: "Account used is not a delegated administrator" });
  expect(Summaries?.map(({ StackSetName }) => StackSetName)).toEqual(["set"]);
  expect(set?.StackSetARN).toContain(`:${MANAGEMENT}:stackset/delegated:`);
  await expect(create({ StackSetName: "own" }, member)).rejects.toMatchObject({
    message: expect.stringContaining("You must be the management account or delegated admin account"),
  });
});

test("Without trusted access nothing is deployed, and trust by Organizations alone is not enough", async () => {
  const { as, call, create } = await stackSets({ access: false });
  const needed = "You must enable organizations access to operate a service managed stack set";

  await expect(create()).rejects.toMatchObject({ name: "ValidationError", message: needed });
  await call(MANAGEMENT, "organizations", "EnableAWSServiceAccess", { ServicePrincipal: SERVICE });
  await expect(create()).rejects.toMatchObject({ message: needed });
  expect(await as.describeOrganizationsAccess({})).toMatchObject({ Status: "DISABLED" });
  await as.activateOrganizationsAccess({});
  await expect(create()).resolves.toBeDefined();
  expect(await as.describeOrganizationsAccess({})).toMatchObject({ Status: "ENABLED" });
  await as.deactivateOrganizationsAccess({});
  await expect(create({ StackSetName: "again" })).rejects.toMatchObject({ message: needed });
});
