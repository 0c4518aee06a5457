import { DeleteResourcePolicyCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { accountPrincipal } from "embedded-aws";
import type { OrganizationSeed } from "embedded-aws/seeds";
import { organizationWith } from "embedded-aws/state";
import { expect, test } from "vitest";
import type { Finding } from "../../../cli/factory/finding.ts";
import { FACTORY, MANAGEMENT, organization } from "../../world/organization.ts";
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

test.each(
  Object.entries<[Parameters<typeof openValidated>[0], string[], ...string[]]>({
    "RAM sharing that is off": [
      { without: ["ram"] },
      [
        `${where}: RAM sharing with OUs and the organization is not enabled: consumers could not read channels' parameters`,
      ],
      "aws ram enable-sharing-with-aws-organization --region us-east-1, in the management account",
    ],
    "StackSets without trusted access": [
      { without: ["stacksets"], factory: { consumers } },
      [
        `${where}: does not trust StackSets: consumers' accounts get no role`,
        `${where}: ${FACTORY} is not a delegated administrator of StackSets`,
      ],
      "aws cloudformation activate-organizations-access",
    ],
    "a factory that is not a delegated administrator": [
      { without: ["delegation"], factory: { consumers } },
      [`${where}: ${FACTORY} is not a delegated administrator of StackSets`],
      `register-delegated-administrator --account-id ${FACTORY}`,
    ],
    "another organization and another management account than the config's": [
      { factory: { organization: { id: "o-anotherorgid", managementAccountId: "999900000000" } } },
      [
        `organization.id: expected o-exampleorgid, which ${FACTORY} is in, found o-anotherorgid`,
        `organization.managementAccountId: expected ${MANAGEMENT}, found 999900000000`,
      ],
    ],
  }),
)("%s is found", async (_, [wanted, found, ...commands]) => {
  const world = await openValidated(wanted);

  const findings = await world.findings();

  expect(inWords(findings)).toEqual(found);
  for (const command of commands) expect(findings[0]?.fix).toContain(command);
});

test("without consumers, StackSets may be without trusted access", async () => {
  const world = await openValidated({ without: ["stacksets"] });

  expect(await world.findings()).toEqual([]);
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

const at = "images.base.channels[0].share";
/** With an account that is suspended. */
const seed: OrganizationSeed = {
  ...organization,
  accounts: [...(organization.accounts ?? []), { id: "700000000001", name: "closed-shop", status: "SUSPENDED" }],
};

test.each(
  Object.entries<[NonNullable<Parameters<typeof openValidated>[0]>["share"], string[]]>({
    "an OU that does not exist": [
      { organizationalUnits: ["ou-exam-workload", "ou-exam-nowhere1"] },
      [`${at}.organizationalUnits[1]: expected an organizational unit of the organization, found "ou-exam-nowhere1"`],
    ],
    "an account outside": [
      { accounts: ["600000000009", "400000000001"] },
      [`${at}.accounts[0]: expected an account of the organization, found "600000000009"`],
    ],
    "a suspended account": [
      { accounts: ["700000000001", "400000000001"] },
      [`${at}.accounts[0]: expected an active account, found "700000000001" (closed-shop), which is suspended`],
    ],
    "what is shared with and left out at once": [
      { organizationalUnits: ["ou-exam-workload"], except: { organizationalUnits: ["ou-exam-workload"] } },
      [
        `${at}.except.organizationalUnits[0]: "ou-exam-workload" is both shared with and excluded; name it in one place`,
        `${at}: expected at least one recipient, found none`,
      ],
    ],
    "an exception that leaves out nothing": [
      { organizationalUnits: ["ou-exam-sandbox1"], except: { accounts: ["500000000001"] } },
      [
        `${at}.except.accounts[0]: expected an OU or account that the share includes, found "500000000001": nothing to exclude`,
      ],
    ],
    "tags that no account has": [
      { accountTags: { images: "silver" } },
      [`${at}: expected at least one recipient, found none`],
    ],
  }),
)("%s is found", async (_, [share, found]) => {
  const world = await openValidated({ seed, share: share ?? {} });

  const findings = await world.findings();

  expect(inWords(findings)).toEqual(found);
  for (const { fix } of findings) expect(fix).toBe("change it in factory.config.ts");
});

test("more than 1,000 entities are found with their number", async () => {
  const many = Array.from({ length: 1_001 }, (_, nth) => ({
    id: String(700_000_000_000 + nth),
    name: `account-${nth}`,
  }));
  const world = await openValidated({
    seed: {
      ...organization,
      units: [...(organization.units ?? []), { name: "Many", id: "ou-exam-many0001", accounts: many }],
    },
    share: { organization: true, except: { accounts: ["700000000000"] } },
  });

  const findings = await world.findings();

  expect(inWords(findings)).toEqual([
    `${at}: expected at most 1000 organizations, OUs and accounts for an AMI in a region, found 1005 (1003 of them accounts); share with whole OUs, or exclude whole OUs`,
  ]);
});

test("tags that the ledger knows are not read again", async () => {
  const world = await openValidated({
    share: { accountTags: { images: "golden" } },
    known: [{ id: "444455556666", name: "data-platform", parent: "r-exam", active: true, tags: {} }],
  });

  const { findings, organization: tree } = await world.look();

  expect(findings).toEqual([]);
  expect(tree?.accounts.find(({ id }) => id === "444455556666")?.tags).toEqual({});
  expect(tree?.accounts.find(({ id }) => id === "400000000001")?.tags).toEqual({ images: "golden" });
});

test("a root that is not the organization's, and consumers that get no role, are found", async () => {
  const world = await openValidated({
    seed,
    factory: {
      organization: { id: "o-exampleorgid", managementAccountId: "999988887777", rootId: "r-else" },
      consumers: {
        organizationalUnits: ["ou-exam-workload", "ou-exam-nowhere1"],
        verify: ["400000000001", "200000000001", "700000000001"],
        canary: { account: "600000000009" },
      },
    },
  });

  const findings = await world.findings();

  expect(inWords(findings)).toEqual([
    'consumers.organizationalUnits[1]: expected an organizational unit of the organization, found "ou-exam-nowhere1"',
    'consumers.verify[1]: expected an account in consumers.organizationalUnits, found "200000000001" (sandbox-ada) in none of them',
    'consumers.verify[2]: expected an active account, found "700000000001" (closed-shop), which is suspended',
    'consumers.canary.account: expected an account of the organization, found "600000000009"',
    'organization.rootId: expected "r-exam", found "r-else"',
  ]);
});
