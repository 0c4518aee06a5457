import { createRequire } from "node:module";
import { basename, relative, resolve } from "node:path";
import { Command, Option } from "commander";
import { type Answers, architectures, defaults, faultOf, faultOfRegions, systems, toRegions } from "./answers.ts";
import { ask } from "./ask.ts";
import { packagesFrom } from "./packages-from.ts";
import { writeProject } from "./write-project.ts";

const { version } = createRequire(import.meta.url)("create-amint/package.json") as { version: string };

interface Options {
  readonly yes?: true;
  readonly amint: string;
  readonly name?: string;
  readonly regions?: readonly string[];
  readonly account?: string;
  readonly organization?: string;
  readonly managementAccount?: string;
  readonly os?: Answers["os"];
  readonly architecture?: Answers["architecture"];
}

const program = new Command("create-amint")
  .description("Create a golden AMI factory project. Prompts for values that are not given as options.")
  .argument("<folder>", "a new or empty folder")
  .option("--yes", "do not prompt; use example values for options that are not given")
  .option("--name <name>", "name of the factory (default: the folder's name)")
  .option("--regions <regions>", "comma-separated regions to publish in; images are built in the first", toRegions)
  .option("--account <id>", "id of the account that builds and publishes")
  .option("--organization <id>", "id of the AWS Organization")
  .option("--management-account <id>", "id of the organization's management account")
  .addOption(new Option("--os <system>", "operating system of the first image").choices(systems))
  .addOption(new Option("--architecture <architecture>", "architecture of the first image").choices(architectures))
  .option("--amint <version or folder>", "version of amint, or a folder with its tarballs", `^${version}`)
  .version(version)
  .showHelpAfterError()
  .action(create);

try {
  await program.parseAsync();
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

async function create(folder: string, { yes, amint, ...given }: Options): Promise<void> {
  const project = resolve(folder);
  refuse(given);
  const name = given.name ?? basename(project);
  if (yes && faultOf("name", name)) throw new Error(`name: ${faultOf("name", name)}; set one with --name.`);
  const packages = packagesFrom(amint, project);
  const isAsked = !yes && process.stdin.isTTY;
  const answers = isAsked ? await ask(given, name) : { ...defaults, ...given, name };
  if (!answers) {
    process.exitCode = 130;
    return;
  }
  if (!yes && !isAsked)
    throw new Error(
      "Cannot prompt: standard input is not a terminal. Pass --yes, and an option for each value that differs from the defaults.",
    );
  writeProject(project, answers, packages);
  const path = relative(process.cwd(), project) || ".";
  process.stdout.write(
    `Created ${answers.name} in ${path}. Next steps:\n\n  cd ${path} && npm install\n  npx amint validate\n  npx amint try\n`,
  );
}

/** @throws Error naming the option */
function refuse({ name, regions, account, organization, managementAccount }: Partial<Options>): void {
  const faults = {
    "--name": name !== undefined && faultOf("name", name),
    "--regions": regions !== undefined && faultOfRegions(regions),
    "--account": account !== undefined && faultOf("account", account),
    "--organization": organization !== undefined && faultOf("organization", organization),
    "--management-account": managementAccount !== undefined && faultOf("managementAccount", managementAccount),
  };
  for (const [option, fault] of Object.entries(faults)) if (fault) throw new Error(`${option}: ${fault}.`);
}

function fail(message: string): void {
  process.stderr.write(`create-amint: ${message}\n`);
  process.exitCode = 1;
}
