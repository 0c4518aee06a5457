import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { stringify } from "yaml";
import { forwarderName, ORGANIZATIONS_REGION, trustedServices } from "../../core/organization/management-side.ts";
import { callerAccount, toAccount } from "../command/accounts.ts";
import { loadFactory } from "../command/load-factory.ts";
import { printFound, printJson } from "../command/print.ts";
import { managementTemplate } from "./management-template.ts";
import { snapshotCommand } from "./snapshot.ts";

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

/** `amint org setup`: what the organization's management account has to do for the factory. */
export const setupCommand = (): Command =>
  new Command("setup")
    .description("print a template for the management account, and commands for what no template can do")
    .option("--account <id>", "the factory's account; left out, that of the current credentials", toAccount)
    .option("--partition <partition>", "aws, or where else the organization is", "aws")
    .option("--out <file>", "write the template there instead")
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
  // At once: Ctrl-C cannot leave half of it.
  if (out !== undefined) writeFileSync(out, yaml);
  if (json) {
    printJson({ managementAccount: managementAccountId, template, deploy, commands });
    return;
  }
  if (out === undefined) printFound(yaml.split("\n"), (lines) => lines);
  // Beside the template, so that it can be redirected to a file.
  printFound(
    { commands, deploy },
    (all) => [
      `\nIn the management account ${managementAccountId}, once, in this order:`,
      ...all.commands.map(({ why, command }) => `\n  # ${why}\n  ${command}`),
      `\n  # lets the factory read the organization, and forwards its changes\n  ${all.deploy}`,
      "\nFor all but the last, CloudFormation has no resource. Then, in the factory's account: amint validate\n",
    ],
    process.stderr,
  );
}

/** StackSets puts no stacks into the management account, and AWS advises to keep workloads out of it. */
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
 * What CloudFormation has no resource for: trust in services, and the delegation to the factory's account, which takes
 * that trust. The delegation is refused when it is there already; the others can be run again.
 * @param stackSets whether the factory puts a role into consumers' accounts
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
          // Trust by Organizations' own API would leave out the roles that StackSets makes.
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

/** How the template is deployed. */
export const deployCommand = (file: string, stack: string): string =>
  `aws cloudformation deploy --region ${ORGANIZATIONS_REGION} --stack-name ${stack} --template-file ${file} ` +
  "--capabilities CAPABILITY_NAMED_IAM";
