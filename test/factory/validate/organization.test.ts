import { DeleteResourcePolicyCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { accountPrincipal } from "embedded-aws";
import { organizationWith } from "embedded-aws/state";
import { expect, test } from "vitest";
import type { Finding } from "../../../cli/factory/finding.ts";
import { FACTORY, MANAGEMENT } from "../../world/organization.ts";
import { openValidated } from "./validated-world.ts";

const consumers = { verify: ["400000000001"], organizationalUnits: ["ou-exam-workload"] };
const where = "organization o-exampleorgid";
const inWords = (findings: readonly Finding[]) => findings.map((one) => `${one.where}: ${one.what}`);

test("an organization with the complete setup has no problems", async () => {
  const world = await openValidated({ factory: { consumers } });

  const { findings, deployed, organization } = await world.look();

  expect(findings).toEqual([]);
  expect(deployed).toBe(false);
  expect(organization?.accounts.map(({ id }) => id)).toContain(MANAGEMENT);
});

test("consolidated billing only is found, with the way to all features", async () => {
  const world = await openValidated({ factory: { consumers } });
  Object.assign(organizationWith(world.aws, FACTORY) ?? {}, { featureSet: "CONSOLIDATED_BILLING" });

  const findings = await world.findings();

  expect(inWords(findings)).toEqual([
    `${where}: has consolidated billing only: neither RAM nor StackSets can reach its units`,
  ]);
  expect(findings[0]?.fix).toContain("aws organizations enable-all-features");
});

test("RAM sharing that is off is found", async () => {
  const world = await openValidated({ without: ["ram"] });

  const findings = await world.findings();

  expect(findings).toEqual([
    {
      where,
      what: "RAM sharing with OUs and the organization is not enabled: consumers could not read channels' parameters",
      fix: "aws ram enable-sharing-with-aws-organization --region us-east-1, in the management account",
    },
  ]);
});

test("StackSets without trusted access are found where consumers get a role, and nowhere else", async () => {
  const world = await openValidated({ without: ["stacksets"], factory: { consumers } });
  const unconcerned = await openValidated({ without: ["stacksets"] });

  const findings = await world.findings();
  const none = await unconcerned.findings();

  expect(inWords(findings)).toEqual([
    `${where}: does not trust StackSets: consumers' accounts get no role`,
    `${where}: ${FACTORY} is not a delegated administrator of StackSets`,
  ]);
  expect(findings[0]?.fix).toContain("aws cloudformation activate-organizations-access");
  expect(none).toEqual([]);
});

test("a factory that is not a delegated administrator is found", async () => {
  const world = await openValidated({ without: ["delegation"], factory: { consumers } });

  const findings = await world.findings();

  expect(inWords(findings)).toEqual([`${where}: ${FACTORY} is not a delegated administrator of StackSets`]);
  expect(findings[0]?.fix).toContain(`register-delegated-administrator --account-id ${FACTORY}`);
});

test("StackSets that Organizations trusts, but that was not asked itself, is found", async () => {
  const world = await openValidated({ without: ["stacksets"], factory: { consumers } });
  const management = { principal: accountPrincipal(MANAGEMENT), region: "us-east-1" };
  const ServicePrincipal = "member.org.stacksets.cloudformation.amazonaws.com";
  await world.aws.call("organizations", "EnableAWSServiceAccess", { ServicePrincipal }, management);
  const delegation = { AccountId: FACTORY, ServicePrincipal };
  await world.aws.call("organizations", "RegisterDelegatedAdministrator", delegation, management);

  const findings = await world.findings();

  expect(inWords(findings)).toEqual([`${where}: trusts StackSets, which was not asked itself and has no roles there`]);
});

test("an organization that the factory may not read is found, with what to run", async () => {
  // A delegated administrator may read it all.
  const world = await openValidated({ without: ["delegation"] });
  const management = new OrganizationsClient(world.optionsOf(MANAGEMENT, "us-east-1"));
  await management.send(new DeleteResourcePolicyCommand({}));

  const { findings, organization } = await world.look();

  expect(findings).toHaveLength(2);
  for (const finding of findings) {
    expect(finding).toMatchObject({ where, what: expect.stringContaining("access denied: ") });
    expect(finding.fix).toContain("`amint org setup` prints");
  }
  expect(organization).toBeUndefined();
});

test("another organization and another management account than the config's are found", async () => {
  const world = await openValidated({
    factory: { organization: { id: "o-anotherorgid", managementAccountId: "999900000000" } },
  });

  const findings = await world.findings();

  expect(inWords(findings)).toEqual([
    `organization.id: expected o-exampleorgid, which ${FACTORY} is in, found o-anotherorgid`,
    `organization.managementAccountId: expected ${MANAGEMENT}, found 999900000000`,
  ]);
});

test("credentials of the management account, and of an account in no organization, are found", async () => {
  const world = await openValidated();
  const stranger = new OrganizationsClient(world.optionsOf("600000000009", "us-east-1"));
  const management = new OrganizationsClient(world.optionsOf(MANAGEMENT, "us-east-1"));

  const ofManagement = await world.look({ account: MANAGEMENT, organizations: management });
  const ofStranger = await world.look({ account: "600000000009", organizations: stranger });

  expect(inWords(ofManagement.findings)).toEqual([
    `account ${MANAGEMENT}: is the management account, in which StackSets puts no role`,
  ]);
  expect(inWords(ofStranger.findings)).toEqual([`${where}: 600000000009 is in no organization`]);
});
