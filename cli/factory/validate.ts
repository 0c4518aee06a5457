import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { Inspector2Client } from "@aws-sdk/client-inspector2";
import { KMSClient } from "@aws-sdk/client-kms";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { SSMClient } from "@aws-sdk/client-ssm";
import { Command } from "commander";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { FactoryConfigError } from "../../core/factory/define-factory.ts";
import { ORGANIZATIONS_REGION } from "../../core/organization/management-side.ts";
import { findProject } from "../../stacks/blueprint/project.ts";
import { callerAccount } from "../command/accounts.ts";
import { readBlueprint } from "../command/blueprint.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, patient } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { checkDockerfiles } from "./check-dockerfiles.ts";
import { findFaults, type Validation } from "./find-faults.ts";
import { configFinding } from "./finding.ts";

/** `amint validate`: what would go wrong in a promotion, found before. */
export const validateCommand = (): Command =>
  new Command("validate")
    .description("check config, organization, regions, keys and Inspector; exit code 1 where something would go wrong")
    .option("--json", "one JSON object")
    .action(async ({ json }: { readonly json?: true }) => {
      const validation = await validate();
      if (json) printJson(toJson(validation));
      else printFound(validation, report);
      if (validation.findings.some(({ warning }) => !warning)) process.exitCode = 1;
    });

async function validate(): Promise<Validation> {
  const factory = await loadFactory().catch((error: unknown) => {
    if (error instanceof FactoryConfigError) return error;
    throw error;
  });
  if (factory instanceof FactoryConfigError) {
    return {
      account: undefined,
      deployed: false,
      organization: undefined,
      findings: factory.faults.map(configFinding),
    };
  }
  const blueprint = await readBlueprint();
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
  const known = async () => (await findOrganization(openLedger(blueprint)).catch(isNotThere))?.accounts ?? [];
  const templates = await checkDockerfiles(factory, findProject().root);
  const found = await findFaults({ factory, account: await callerAccount(factory.buildRegion), clients, known });
  return { ...found, findings: [...templates, ...found.findings] };
}

/** Before the factory is deployed there is no ledger. */
function isNotThere(error: unknown): undefined {
  if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
  throw error;
}

const toJson = ({ organization, ...validation }: Validation) => ({
  ...validation,
  ...(organization && { accounts: organization.accounts.length, units: organization.units.length }),
});

/** For people: each finding with its fix, or what was found to be right. */
export function report({ account, deployed, organization, findings }: Validation): string {
  const faults = findings.flatMap(({ where, what, fix, warning }) => [
    `${warning ? "warning: " : ""}${where}: ${what}`,
    `  fix: ${fix}`,
    "",
  ]);
  const looked = [
    ...(account ? [`Looked at as account ${account}.`] : []),
    ...(organization
      ? [`The organization has ${organization.accounts.length} accounts in ${organization.units.length} units.`]
      : []),
    ...(account && !deployed
      ? ["The factory is not deployed yet: its keys, bus and consumer roles are looked at once it is."]
      : []),
  ];
  const faulty = findings.filter(({ warning }) => !warning).length;
  const verdict =
    faulty === 0
      ? "Nothing was found that a promotion would fail of."
      : `${faulty} ${faulty === 1 ? "thing" : "things"} to mend.`;
  return `${[...faults, ...looked, verdict].join("\n")}\n`;
}
