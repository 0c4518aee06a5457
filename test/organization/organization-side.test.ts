// @module-tag deep
import { GetRoleCommand, IAMClient, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import {
  CreateAccountCommand,
  DescribeCreateAccountStatusCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { rolePrincipal } from "embedded-aws";
import { expect, test } from "vitest";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { consumers } from "../../demo/organization.ts";
import factory from "../../factory.config.ts";
import { deployed } from "../world/deployed.ts";
import { MINUTE } from "../world/time.ts";

const FACTORY = "111122223333";
const MANAGEMENT = factory.organization.managementAccountId;
const CANARY = "200000000001";
const ROLE = "amint-acme-consumer";

async function openFactory() {
  const running = await deployed();
  const { clock, booted, ledger, optionsOf } = running;
  return {
    aws: booted.aws,
    clock,
    ledger,
    /** The SDK in an account, in the region of global services. */
    optionsOf: (account: string) => optionsOf(account, "us-east-1"),
    pass: (minutes: number) => clock.runUntil(clock.now() + minutes * MINUTE),
  };
}

test("the consumer role is in every account but the management account, and launches only in the canary's", async () => {
  const { optionsOf, pass } = await openFactory();
  const policiesIn = async (account: string) => {
    const iam = new IAMClient(optionsOf(account));
    try {
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: ROLE }));
      return PolicyNames.toSorted().join(" ");
    } catch (error) {
      return (error as Error).name;
    }
  };

  await pass(5);
  const found = await Promise.all([MANAGEMENT, FACTORY, ...consumers.map(({ id }) => id)].map(policiesIn));

  const verified = new Set(factory.consumers?.verify);
  expect(found).toEqual([
    "NoSuchEntityException",
    "consume",
    ...consumers.map(({ id }) =>
      id === CANARY ? "canary consume verify" : verified.has(id) ? "consume verify" : "consume",
    ),
  ]);
});

test("an account that is made gets the role, and is known to the factory before the hourly look", async () => {
  const { optionsOf, pass, ledger, clock } = await openFactory();
  await pass(70);
  const before = await findOrganization(ledger);
  const management = new OrganizationsClient(optionsOf(MANAGEMENT));

  const { CreateAccountStatus } = await management.send(
    new CreateAccountCommand({ AccountName: "new-team", Email: "new-team@example.com" }),
  );
  await pass(5);

  const { CreateAccountStatus: made } = await management.send(
    new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: CreateAccountStatus?.Id }),
  );
  const after = await findOrganization(ledger);
  const { Role } = await new IAMClient(optionsOf(made?.AccountId ?? "")).send(new GetRoleCommand({ RoleName: ROLE }));
  expect(before?.accounts.map(({ name }) => name)).not.toContain("new-team");
  expect(after?.accounts.map(({ id }) => id)).toContain(made?.AccountId);
  expect(clock.now() - Date.parse(after?.readAt ?? "")).toBeLessThan(5 * MINUTE);
  expect(Role?.RoleName).toBe(ROLE);
});

test("no other account puts events on the factory's bus, nor the management account any other event", async () => {
  const { aws } = await openFactory();
  const EventBusName = `arn:aws:events:eu-west-1:${FACTORY}:event-bus/amint-acme`;
  const put = async (account: string, role: string, Source: string) => {
    const principal = rolePrincipal(`arn:aws:iam::${account}:role/${role}`, "other-role");
    const Entries = [{ EventBusName, Source, DetailType: "channel.moved", Detail: "{}" }];
    return aws.call("events", "PutEvents", { Entries }, { principal, region: "eu-west-1" }).then(
      () => "taken",
      (error: Error) => error.message,
    );
  };

  const refused = [
    await put(MANAGEMENT, "amint-acme-forward-organization", "amint"),
    await put(MANAGEMENT, "another-role", "aws.organizations"),
    await put(CANARY, "amint-acme-forward-organization", "aws.organizations"),
  ];

  for (const message of refused) expect(message).toContain("is not authorized to perform: events:PutEvents");
});
