import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { blueprintOf, findProject } from "../../stacks/blueprint/project.ts";
import { loadFactory } from "./load-factory.ts";

const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** The address of an AWS on this machine, by `--endpoint` or AWS_ENDPOINT_URL; undefined for any other AWS. */
export function loopbackEndpoint({ AWS_ENDPOINT_URL: endpoint }: NodeJS.ProcessEnv = process.env): URL | undefined {
  const url = endpoint && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  return url && isLoopback(url) ? url : undefined;
}

/** Options of every command; docs/command-line.md describes them. They work before and after the command's name. */
export const globalOptions = (): readonly Option[] => [
  new Option("--json", "print JSON instead of text"),
  new Option("--config <file>", "another factory.config.ts").env("AMINT_CONFIG"),
  new Option("--endpoint <url>", "address of an embedded AWS").env("AWS_ENDPOINT_URL").argParser(toEndpoint),
  new Option("--profile <name>", "profile of AWS credentials").env("AWS_PROFILE"),
  new Option("--region <region>", "show only this region of the factory"),
  new Option("--debug", "print the stack trace of a failure").env("AMINT_DEBUG"),
  new Option("--no-color", "print without colours (env: NO_COLOR)"),
];

interface Globals {
  readonly json?: true;
  readonly config?: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly color: boolean;
}

function toEndpoint(text: string): string {
  const isUrl = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isUrl) throw new InvalidArgumentError("Use a URL such as http://127.0.0.1:4566.");
  return text.replace(/\/$/, "");
}

type Refusable = "json" | "endpoint" | "region";

const refused = new WeakMap<Command, Partial<Record<Refusable, string>>>();
const regional = new WeakSet<Command>();

/** Makes a global option an error for this command. @param why completes "..., because ..." */
export function refuse(command: Command, option: Refusable, why: string): Command {
  refused.set(command, { ...refused.get(command), [option]: why });
  return command;
}

/** The command's output has regions, and `--region` selects one. All other commands refuse it. */
export function takeRegion(command: Command): Command {
  regional.add(command);
  return command;
}

/**
 * Applies the global options before the command's action: the AWS SDK and `findProject` read them from the environment;
 * `json`, `config` and `region` are also among the action's options.
 */
export async function applyGlobals(program: Command, command: Command): Promise<void> {
  const globals = program.opts<Globals>();
  refuseUnusable((option) => program.getOptionValueSource(option) === "cli", command);
  const { env } = process;
  if (globals.config !== undefined) env.AMINT_CONFIG = resolve(globals.config);
  if (globals.endpoint !== undefined) env.AWS_ENDPOINT_URL = globals.endpoint;
  if (globals.profile !== undefined) env.AWS_PROFILE = globals.profile;
  if (!globals.color) {
    env.NO_COLOR = "1";
    delete env.FORCE_COLOR;
  }
  if (loopbackEndpoint() && !hasCredentials(env)) await useTestCredentials(env);
  if (globals.region !== undefined) {
    await requireRegion(globals.region).catch((cause: Error) => command.error(`error: --region: ${cause.message}`));
  }
  for (const name of ["json", "config", "region"] as const) {
    if (globals[name] !== undefined) {
      command.setOptionValueWithSource(name, globals[name], program.getOptionValueSource(name));
    }
  }
}

function refuseUnusable(isGiven: (option: Refusable) => boolean, command: Command): void {
  const reasons = refused.get(command) ?? {};
  const region = regional.has(command) ? undefined : (reasons.region ?? "the output is not listed by region");
  for (const [option, why] of Object.entries({ ...reasons, region })) {
    if (why && isGiven(option as Refusable)) command.error(`error: --${option} does not apply: ${why}`);
  }
}

const hasCredentials = (env: NodeJS.ProcessEnv): boolean =>
  [
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  ].some((name) => env[name]);

/** For the embedded AWS a 12-digit access key is that account's root user: here the account of blueprint.json. */
async function useTestCredentials(env: NodeJS.ProcessEnv): Promise<void> {
  const account = await blueprintAccount().catch(() => undefined);
  if (account === undefined) return;
  env.AWS_ACCESS_KEY_ID = account;
  env.AWS_SECRET_ACCESS_KEY = "embedded";
}

async function blueprintAccount(): Promise<string | undefined> {
  const { account } = JSON.parse(await readFile(blueprintOf(findProject()), "utf8")) as { account?: string };
  return account;
}

/** @throws UnknownRegion */
async function requireRegion(region: string): Promise<void> {
  const { name, regions } = await loadFactory();
  if (!regions.includes(region)) throw new UnknownRegion(name, region, regions);
}

class UnknownRegion extends Error {
  override readonly name = "UnknownRegion";

  constructor(factory: string, region: string, regions: readonly string[]) {
    super(`the factory ${factory} has no region "${region}"; it has ${regions.join(", ")}`);
  }
}
