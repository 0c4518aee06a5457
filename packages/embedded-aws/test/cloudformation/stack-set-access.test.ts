import { expect, test } from "vitest";
import { FACTORY, MANAGEMENT } from "../ram/sharing-aws.ts";
import { SERVICE, stackSets } from "./stack-set-aws.ts";

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
