import { writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { DescribeOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { Command } from "commander";
import { stringify } from "yaml";
import { readAccountTags, readOrganization } from "../../adapters/organization/organizations.ts";
import { forwarderName, ORGANIZATIONS_REGION, trustedServices } from "../../core/organization/management-side.ts";
import { managementTemplate } from "../../core/organization/management-template.ts";
import { indexTree } from "../../core/organization/organization-tree.ts";
import { callerAccount, toAccount } from "../command/accounts.ts";
import { loadFactory } from "../command/load-factory.ts";
import { patient } from "../command/open-ledger.ts";
import { printFound, printJson, say } from "../command/print.ts";

/** `amint org`: organization setup. */
export const orgCommand = (): Command =>
  new Command("org")
    .description("set up the organization for the factory, or save it as YAML")
    .addCommand(setupCommand())
    .addCommand(snapshotCommand());

interface Options {
  readonly account?: string;
  readonly partition: string;
  readonly out?: string;
  readonly json?: true;
}

/** `amint org setup`: the setup in the organization's management account. */
export const setupCommand = (): Command =>
  new Command("setup")
    .description("print a template for the management account, and commands for settings that templates do not support")
    .option("--account <id>", "the factory's account (default: that of the current credentials)", toAccount)
    .option("--partition <partition>", "the organization's AWS partition", "aws")
    .option("--out <file>", "write the template to a file instead")
    .action((options: Options) => setUp(options));

async function setUp({ account: given, partition, out, json }: Options): Promise<void> {
  const factory = await loadFactory();
  const account = given ?? (await callerAccount(factory.buildRegion));
  const { managementAccountId } = factory.organization;
  if (account === managementAccountId) throw new FactoryIsManagement(account);
  const template = managementTemplate({ factory, account, partition });
  const yaml = stringify(template, { lineWidth: 0, aliasDuplicateObjects: false });
  const file = out ?? "template.yaml";
  const deploy = deployCommand(file, forwarderName(factory.name));
  const commands = managementCommands(account, factory.consumers !== undefined);
  // In one call, so that Ctrl-C cannot leave a partial file.
  if (out !== undefined) writeFileSync(out, yaml);
  if (json) {
    printJson({ managementAccount: managementAccountId, template, deploy, commands });
    return;
  }
  if (out === undefined) printFound(yaml.split("\n"), (lines) => lines);
  // On standard error, so that the template can be redirected to a file.
  printFound(
    { commands, deploy },
    (all) => [
      `\nIn the management account ${managementAccountId}, once, in this order:`,
      ...all.commands.map(({ why, command }) => `\n  # ${why}\n  ${command}`),
      `\n  # lets the factory read the organization, and forwards its changes\n  ${all.deploy}`,
      "\nCloudFormation has no resources for the commands before the last. Then, in the factory's account: amint validate\n",
    ],
    process.stderr,
  );
}

/** StackSets does not deploy to the management account, and AWS advises against workloads in it. */
class FactoryIsManagement extends Error {
  override readonly name = "FactoryIsManagement";

  constructor(account: string) {
    super(
      `${account} is the organization's management account; the factory needs a member account: use its credentials, or --account <id>.`,
    );
  }
}

/** A command for the management account, and why it is needed. */
export interface ManagementCommand {
  readonly why: string;
  readonly command: string;
}

/**
 * Commands for settings without a CloudFormation resource: trusted access of services, and then the delegation to the
 * factory's account. Repeating the delegation fails; the others can be repeated.
 * @param stackSets whether the factory deploys a role in consumer accounts
 */
export const managementCommands = (factoryAccount: string, stackSets: boolean): readonly ManagementCommand[] => [
  {
    why: "RAM shares channels' parameters with OUs and the organization, without invitations",
    command: `aws ram enable-sharing-with-aws-organization --region ${ORGANIZATIONS_REGION}`,
  },
  ...(stackSets
    ? [
        {
          why: "StackSets may put the consumer role into accounts",
          // Trusted access through the Organizations API does not create the roles that StackSets needs.
          command: `aws cloudformation activate-organizations-access --region ${ORGANIZATIONS_REGION}`,
        },
        {
          why: "the factory's account deploys that role",
          command:
            `aws organizations register-delegated-administrator --account-id ${factoryAccount} ` +
            `--service-principal ${trustedServices.stackSets}`,
        },
      ]
    : []),
];

/** The command that deploys the template. */
export const deployCommand = (file: string, stack: string): string =>
  `aws cloudformation deploy --region ${ORGANIZATIONS_REGION} --stack-name ${stack} --template-file ${file} ` +
  "--capabilities CAPABILITY_NAMED_IAM";

/** `amint org snapshot`: the organization in the form that `amint try --organization` reads. */
const snapshotCommand = (): Command =>
  new Command("snapshot")
    .description("save the organization's OUs and accounts as YAML, for amint try --organization; read-only")
    .argument("[file]", "the file to write (default: standard output)")
    .action(async (file: string | undefined, { json }: { readonly json?: true }) => {
      const snapshot = await takeSnapshot(new OrganizationsClient(patient(ORGANIZATIONS_REGION)));
      if (json && file === undefined) return printJson(snapshot);
      const yaml = stringify(snapshot);
      if (file === undefined) return printFound(yaml.split("\n"), (lines) => lines);
      await writeFile(file, yaml);
      if (json) return printJson({ file });
      say`${file}: ${yaml.match(/\bid: "\d{12}"/g)?.length ?? 0} accounts`;
    });

/** Without e-mail addresses. @throws AccessDeniedException unless the management account lets the factory's account read */
async function takeSnapshot(client: OrganizationsClient): Promise<object> {
  const { Organization } = await client.send(new DescribeOrganizationCommand({}));
  const tree = await readOrganization(client);
  const tags = new Map<string, Readonly<Record<string, string>>>();
  // Sequential: Organizations allows ten requests per second.
  for (const { id } of tree.accounts) tags.set(id, await readAccountTags(client, id));
  const { accountsIn, unitsIn, account } = indexTree(tree);
  const written = ({ id, name, active }: { id: string; name: string; active: boolean }) => ({
    id,
    name,
    ...(!active && { status: "SUSPENDED" }),
    ...(Object.keys(tags.get(id) ?? {}).length > 0 && { tags: tags.get(id) }),
  });
  const management = Organization?.MasterAccountId ?? "";
  const below = (parent: string): object => ({
    accounts: accountsIn(parent)
      .filter(({ id }) => id !== management)
      .map(written),
    units: unitsIn(parent).map(({ id, name }) => ({ name, id, ...below(id) })),
  });
  return {
    id: Organization?.Id,
    rootId: tree.rootId,
    featureSet: Organization?.FeatureSet,
    management: written(account(management) ?? { id: management, name: "management", active: true }),
    ...below(tree.rootId),
  };
}
