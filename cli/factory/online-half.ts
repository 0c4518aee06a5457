import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { Inspector2Client } from "@aws-sdk/client-inspector2";
import { KMSClient } from "@aws-sdk/client-kms";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { SSMClient } from "@aws-sdk/client-ssm";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { namedAccount } from "../../core/factory/check-network.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { ORGANIZATIONS_REGION } from "../../core/organization/management-side.ts";
import type { Account } from "../../core/organization/organization-tree.ts";
import { callerAccount } from "../command/accounts.ts";
import { explainFailure } from "../command/explain-failure.ts";
import { openLedger, patient, readBlueprint } from "../command/open-ledger.ts";
import { findFaults, type Validation } from "./find-faults.ts";

/** Why AWS was not called, and the fix. */
export interface NotRun {
  readonly why: string;
  readonly fix: string;
}

/** They say nothing about the config: causes of `explainFailure`. */
const NOT_A_PROBLEM: ReadonlySet<string> = new Set(["credentials", "clock", "network"]);

/** Runs the checks that call AWS with the factory account's credentials. Missing credentials or network are not problems. */
export async function onlineHalf(factory: Factory): Promise<Validation | NotRun> {
  try {
    return await askAws(factory);
  } catch (error) {
    const explained = explainFailure(error);
    if (!explained || !NOT_A_PROBLEM.has(explained.cause)) throw error;
    return { why: explained.what, fix: explained.fix };
  }
}

async function askAws(factory: Factory): Promise<Validation> {
  const account = await callerAccount(factory.buildRegion);
  const expected = namedAccount(factory);
  if (expected && expected.account !== account) return wrongAccount(account, expected);
  const own = patient(factory.buildRegion);
  const clients = {
    organizations: new OrganizationsClient(patient(ORGANIZATIONS_REGION)),
    cloudformation: new CloudFormationClient(own),
    cloudtrail: new CloudTrailClient(own),
    ec2: new EC2Client(own),
    events: new EventBridgeClient(own),
    iam: new IAMClient(own),
    inspector: new Inspector2Client(own),
    kms: (region: string) => new KMSClient(patient(region)),
    ssm: new SSMClient(own),
  };
  return findFaults({ factory, account, clients, known: knownAccounts });
}

/** The credentials are another account's, so no other check is meaningful. */
function wrongAccount(account: string, { at, account: factorys }: { at: string; account: string }): Validation {
  const what = `this is ${account}, the factory is in ${factorys} (${at} in factory.config.ts)`;
  const finding = { where: `account ${account}`, what, fix: `use credentials of ${factorys}` };
  return { account, deployed: false, organization: undefined, findings: [finding] };
}

/** The accounts in the ledger; empty before the first blueprint and deployment. */
async function knownAccounts(): Promise<readonly Account[]> {
  try {
    return (await findOrganization(openLedger(await readBlueprint())))?.accounts ?? [];
  } catch (error) {
    if (error instanceof Error && /^(ResourceNotFoundException|BlueprintUnreadable)$/.test(error.name)) return [];
    throw error;
  }
}
