import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { Inspector2Client } from "@aws-sdk/client-inspector2";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { OrganizationsClient } from "@aws-sdk/client-organizations";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { findUnscanned } from "../../adapters/evidence/inspector-status.ts";
import { scannedResources } from "../../core/evidence/scanned-resources.ts";
import { findForeignArns } from "../../core/factory/check-network.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { renamedKeysOf } from "../../core/factory/renamed-keys.ts";
import type { Account, OrganizationTree } from "../../core/organization/organization-tree.ts";
import { checkForwarding, checkKeys, checkRegions, findBus } from "./check-keys.ts";
import { checkConsumerRoles, checkOrganization, describeOrganization } from "./check-organization.ts";
import { checkPeople } from "./check-people.ts";
import { checkShares } from "./check-shares.ts";
import { checkSlackSecrets } from "./check-slack.ts";
import { checkTrail } from "./check-trail.ts";
import { type Finding, renamedFinding, unlessRefused } from "./finding.ts";

/** AWS as the factory's account, in the build region. */
interface ValidationClients {
  readonly organizations: OrganizationsClient;
  readonly cloudformation: CloudFormationClient;
  readonly cloudtrail: CloudTrailClient;
  readonly ec2: EC2Client;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly inspector: Inspector2Client;
  readonly kms: (region: string) => KMSClient;
  readonly ssm: SSMClient;
}

interface Asked {
  readonly factory: Factory;
  /** The factory's account. */
  readonly account: string;
  readonly clients: ValidationClients;
  /** Accounts whose tags were read earlier. */
  readonly known: () => Promise<readonly Account[]>;
}

/** The mirror's operator decides which packages count as fixed, and so can hide advisories or start builds. */
const unverifiedFeed = (os: string): Finding => ({
  where: "feeds.unverified",
  what: `the mirror of ${os} is read without a signature`,
  fix: "give the mirror's OpenPGP key in the secret FeedMirrors, and take it off the list",
  warning: true,
});

export interface Validation {
  /** The account of the credentials. */
  readonly account: string;
  /** If false, keys, bus and consumer roles are not checked. */
  readonly deployed: boolean;
  /** Undefined if access to it is denied. */
  readonly organization: OrganizationTree | undefined;
  readonly findings: readonly Finding[];
}

/** Finds everything that would make a promotion fail. @throws AWS errors other than access denied */
export async function findFaults({ factory, account, clients, known }: Asked): Promise<Validation> {
  const findings: Finding[] = [];
  let organization: OrganizationTree | undefined;
  const described = await describeOrganization(clients.organizations);
  findings.push(...(await checkOrganization({ factory, account, ...clients }, described)));
  for (const { at, account: other } of findForeignArns(factory, account)) {
    const what = `is an ARN of account ${other}, and the factory's is ${account}`;
    findings.push({ where: at, what, fix: `name one of account ${account}` });
  }
  findings.push(...renamedKeysOf(factory).map(renamedFinding));
  findings.push(...factory.feeds.unverified.map(unverifiedFeed));
  const where = `organization ${factory.organization.id}`;
  const fix = "deploy the template that `amint org setup` prints, in the management account";
  findings.push(
    ...(await unlessRefused({ where, fix }, async () => {
      if (!described) return [];
      const tags = new Map((await known()).map((one) => [one.id, one]));
      const looked = await checkShares(factory, clients.organizations, tags);
      organization = looked.tree;
      return looked.findings;
    })),
  );
  const own = { where: `account ${account}`, fix: "use credentials that may read what the factory deploys" };
  findings.push(...(await unlessRefused(own, () => checkRegions(factory, clients.ec2))));
  findings.push(...(await unlessRefused(own, () => checkTrail(factory, clients.cloudtrail))));
  findings.push(...(await checkPeople(factory, account, clients.iam)));
  const scans = { where: "enableInspector", fix: "use credentials that may call inspector2:BatchGetAccountStatus" };
  findings.push(...(await unlessRefused(scans, () => checkInspector(factory, account, clients.inspector))));
  let deployed = false;
  findings.push(
    ...(await unlessRefused(own, async () => {
      const bus = await findBus(factory, clients.events);
      deployed = bus !== undefined;
      return [
        ...(await checkKeys(factory, clients.kms, deployed)),
        ...(bus ? await checkForwarding(factory, clients.events, bus) : []),
      ];
    })),
  );
  const slack = {
    where: "notify.slack",
    fix: "use credentials that may call ssm:DescribeParameters and kms:DescribeKey",
  };
  if (deployed) {
    const home = { kms: clients.kms(factory.buildRegion), ssm: clients.ssm };
    findings.push(...(await unlessRefused(slack, () => checkSlackSecrets(factory, home))));
  }
  const { consumers } = factory;
  // StackSets calls fail without these prerequisites, which are reported above.
  const asks = deployed && consumers && !findings.some(({ where: at }) => at === where);
  if (asks) {
    const roles = () => checkConsumerRoles(factory.name, consumers, clients.cloudformation);
    findings.push(...(await unlessRefused(own, roles)));
  }
  return { account, deployed, organization, findings };
}

/** Checks Amazon Inspector if the factory does not enable it: without it, no pipeline can be created. */
async function checkInspector(factory: Factory, account: string, client: Inspector2Client): Promise<Finding[]> {
  const { enableInspector, buildRegion } = factory;
  if (enableInspector) return [];
  const unscanned = await findUnscanned(client, account, scannedResources(factory));
  if (unscanned.length === 0) return [];
  const types = unscanned.join(" and ");
  return [
    {
      where: "enableInspector",
      what: `is false, and Amazon Inspector does not scan ${types} in ${buildRegion}: Image Builder refuses pipelines that scan`,
      fix: `aws inspector2 enable --resource-types ${unscanned.join(" ")} --region ${buildRegion}, or set enableInspector: true`,
    },
  ];
}
