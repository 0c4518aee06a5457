import {
  type CloudFormationClient,
  DescribeOrganizationsAccessCommand,
  paginateListStackInstances,
} from "@aws-sdk/client-cloudformation";
import {
  DescribeOrganizationCommand,
  type Organization,
  type OrganizationsClient,
  paginateListAWSServiceAccessForOrganization,
  paginateListDelegatedAdministrators,
} from "@aws-sdk/client-organizations";
import { unlessError } from "../../adapters/unless-error.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Consumers } from "../../core/factory/share-schema.ts";
import { consumerRoleName, rolloutRoleName } from "../../core/names.ts";
import { trustedServices } from "../../core/organization/management-side.ts";
import { type Finding, unlessRefused } from "./finding.ts";

interface Asked {
  readonly factory: Factory;
  /** The factory's account. */
  readonly account: string;
  readonly organizations: OrganizationsClient;
  readonly cloudformation: CloudFormationClient;
}

const SETUP = "run what `amint org setup` prints, in the management account";

/**
 * Checks that the factory's account belongs to the config's organization and has the required access in it.
 * @param organization as the account sees it; undefined if it is in none
 */
export async function checkOrganization(
  asked: Asked,
  organization: Organization | undefined,
): Promise<readonly Finding[]> {
  const where = `organization ${asked.factory.organization.id}`;
  if (!organization) {
    return [
      { where, what: `${asked.account} is in no organization`, fix: "use the credentials of the factory's account" },
    ];
  }
  const faults = checkMembership(asked, organization);
  if (organization.FeatureSet !== "ALL") {
    const fix = "aws organizations enable-all-features, in the management account; invited accounts must agree";
    return [
      ...faults,
      { where, what: "has consolidated billing only: neither RAM nor StackSets can reach its units", fix },
    ];
  }
  const refused = { where, fix: SETUP };
  return [
    ...faults,
    ...(await unlessRefused(refused, () => checkTrust(asked, where))),
    ...(asked.factory.consumers ? await unlessRefused(refused, () => checkStackSets(asked, where)) : []),
  ];
}

/** The organization of the credentials' account, if any. */
export async function describeOrganization(client: OrganizationsClient): Promise<Organization | undefined> {
  const found = client.send(new DescribeOrganizationCommand({}));
  return (await unlessError(found, /^AWSOrganizationsNotInUseException$/))?.Organization;
}

function checkMembership({ factory, account }: Asked, { Id, MasterAccountId }: Organization): Finding[] {
  const { id, managementAccountId } = factory.organization;
  const fix = "change it in factory.config.ts";
  return [
    ...(Id === id
      ? []
      : [{ where: "organization.id", what: `expected ${Id}, which ${account} is in, found ${id}`, fix }]),
    ...(MasterAccountId === managementAccountId
      ? []
      : [
          {
            where: "organization.managementAccountId",
            what: `expected ${MasterAccountId}, found ${managementAccountId}`,
            fix,
          },
        ]),
    ...(MasterAccountId === account
      ? [
          {
            where: `account ${account}`,
            what: "is the management account, in which StackSets puts no role",
            fix: "deploy the factory in a member account",
          },
        ]
      : []),
  ];
}

/** No API returns RAM's own setting for sharing with the organization, so only the trusted access is checked. */
async function checkTrust({ organizations, factory }: Asked, where: string): Promise<Finding[]> {
  const trusted = new Set<string | undefined>();
  for await (const page of paginateListAWSServiceAccessForOrganization({ client: organizations }, {})) {
    for (const { ServicePrincipal } of page.EnabledServicePrincipals ?? []) trusted.add(ServicePrincipal);
  }
  const findings: Finding[] = [];
  if (!trusted.has(trustedServices.ram)) {
    findings.push({
      where,
      what: "RAM sharing with OUs and the organization is not enabled: consumers could not read channels' parameters",
      fix: "aws ram enable-sharing-with-aws-organization --region us-east-1, in the management account",
    });
  }
  if (factory.consumers && !trusted.has(trustedServices.stackSets)) {
    findings.push({
      where,
      what: "does not trust StackSets: consumers' accounts get no role",
      fix: "aws cloudformation activate-organizations-access --region us-east-1, in the management account",
    });
  }
  return findings;
}

async function checkStackSets({ organizations, cloudformation, account }: Asked, where: string): Promise<Finding[]> {
  const ServicePrincipal = trustedServices.stackSets;
  const administrators = new Set<string | undefined>();
  for await (const page of paginateListDelegatedAdministrators({ client: organizations }, { ServicePrincipal })) {
    for (const { Id } of page.DelegatedAdministrators ?? []) administrators.add(Id);
  }
  if (!administrators.has(account)) {
    const fix = `aws organizations register-delegated-administrator --account-id ${account} --service-principal ${ServicePrincipal}, in the management account`;
    return [{ where, what: `${account} is not a delegated administrator of StackSets`, fix }];
  }
  const { Status } = await cloudformation.send(new DescribeOrganizationsAccessCommand({ CallAs: "DELEGATED_ADMIN" }));
  if (Status === "ENABLED") return [];
  const fix = "aws cloudformation activate-organizations-access --region us-east-1, in the management account";
  return [{ where, what: "trusts StackSets, which was not asked itself and has no roles there", fix }];
}

/** Finds accounts where StackSets failed to create or update the consumer role, and accounts of `verify` without it. */
export async function checkConsumerRoles(
  factory: string,
  { verify, canary, rollout }: Consumers,
  cloudformation: CloudFormationClient,
): Promise<Finding[]> {
  const StackSetName = consumerRoleName(factory);
  const asked = { StackSetName, CallAs: "DELEGATED_ADMIN" } as const;
  const findings: Finding[] = [];
  const having = new Set<string | undefined>();
  for await (const { Summaries = [] } of paginateListStackInstances({ client: cloudformation }, asked)) {
    for (const { Account, Status, StatusReason, StackInstanceStatus } of Summaries) {
      having.add(Account);
      if (Status === "CURRENT" || isUnderWay(StackInstanceStatus?.DetailedStatus)) continue;
      findings.push({
        where: `account ${Account}`,
        what: `the role ${StackSetName} is not as it should be: ${StatusReason ?? Status}`,
        fix: `fix that in ${Account}; StackSets tries again when the factory is deployed, or by aws cloudformation update-stack-set`,
      });
    }
  }
  const needing = new Set([...verify, ...(canary ? [canary.account] : [])]);
  for (const account of needing) {
    if (having.has(account)) continue;
    const fix = "deploy the factory again; StackSets takes minutes for an account that has just joined";
    findings.push({
      where: `account ${account}`,
      what: `has no role ${StackSetName}: nothing can be tried there`,
      fix,
    });
  }
  for (const account of rollout.templateVersions) {
    if (having.has(account)) continue;
    findings.push({
      where: `account ${account}`,
      what: `has no role ${rolloutRoleName(factory)}, although it is in consumers.rollout.templateVersions: no roll-out reaches its groups`,
      fix: "put its OU into consumers.organizationalUnits, or take it out of consumers.rollout.templateVersions",
    });
  }
  return findings;
}

const isUnderWay = (status: string | undefined): boolean => status === "PENDING" || status === "RUNNING";
