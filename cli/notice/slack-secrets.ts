import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { KMSClient } from "@aws-sdk/client-kms";
import { SSMClient } from "@aws-sdk/client-ssm";
import { Command, Option } from "commander";
import { findSlackKey, storeSlackSecret } from "../../adapters/notice/slack-secrets.ts";
import { factoryTags } from "../../core/factory/factory-tags.ts";
import {
  findSlackSecretFault,
  type SlackSecret,
  slackKeyAlias,
  slackSecretParameter,
  slackSecrets,
} from "../../core/notice/slack-secrets.ts";
import { callerAccount } from "../command/accounts.ts";
import { loadFactory } from "../command/load-factory.ts";
import { patient } from "../command/open-ledger.ts";
import { endPrompt, printJson, prompt, say } from "../command/print.ts";

interface Options {
  readonly only?: SlackSecret;
  readonly json?: true;
}

/** `amint slack`: the factory's Slack app. */
export const slackCommand = (): Command =>
  new Command("slack").description("the factory's Slack app").addCommand(secretsCommand());

const secretsCommand = (): Command =>
  new Command("secrets")
    .description("store or rotate the Slack app's bot token and signing secret; prompts, or reads one line for each")
    .addOption(new Option("--only <secret>", "store this one only").choices(slackSecrets))
    .action(storeSecrets);

async function storeSecrets({ only, json }: Options): Promise<void> {
  const { name: factory, buildRegion, notify, ...rest } = await loadFactory();
  if (!notify.slack) throw new NoSlack();
  const options = patient(buildRegion);
  const key = await findSlackKey(new KMSClient(options), factory);
  if (!key) throw new NoSlackKey(slackKeyAlias(factory), buildRegion, await callerAccount(buildRegion));
  const wanted = only ? [only] : slackSecrets;
  const values = process.stdin.isTTY ? await promptFor(wanted) : await readLines(wanted);
  for (const secret of wanted) {
    const fault = findSlackSecretFault(secret, values.get(secret) ?? "");
    if (fault) throw new NotASlackSecret(secret, fault);
  }
  const ssm = new SSMClient(options);
  const tags = factoryTags({ name: factory, ...rest });
  const stored = [];
  for (const secret of wanted) {
    const version = await storeSlackSecret(ssm, { factory, secret, value: values.get(secret) ?? "", key, tags });
    const parameter = slackSecretParameter(factory, secret);
    stored.push({ secret, parameter, version });
    if (!json) say`${secret}: ${parameter}, version ${version}`;
  }
  if (json) return printJson({ stored });
  say`Functions use a new value within five minutes, or as soon as the former one fails.`;
}

type Values = ReadonlyMap<SlackSecret, string>;

/** Asks at the terminal, without echo. */
async function promptFor(wanted: readonly SlackSecret[]): Promise<Values> {
  const values = new Map<SlackSecret, string>();
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  for (const secret of wanted) {
    prompt(secret);
    const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
    values.set(secret, (await terminal.question("")).trim());
    terminal.close();
    endPrompt();
  }
  return values;
}

async function readLines(wanted: readonly SlackSecret[]): Promise<Values> {
  const lines = (await text(process.stdin)).split("\n").map((line) => line.trim());
  const given = lines.filter((line) => line !== "");
  if (given.length !== wanted.length) throw new OtherLines(wanted, given.length);
  return new Map(wanted.map((secret, n) => [secret, given[n] ?? ""]));
}

class NoSlack extends Error {
  override readonly name = "NoSlack";

  constructor() {
    super("factory.config.ts has no notify.slack, so no function reads the secrets; add it and deploy first.");
  }
}

class NoSlackKey extends Error {
  override readonly name = "NoSlackKey";

  constructor(alias: string, region: string, account: string) {
    super(`${alias} does not exist in ${region} of account ${account}: deploy the factory first.`);
  }
}

/** The value is not in the message: terminals and CI keep what they print. */
class NotASlackSecret extends Error {
  override readonly name = "NotASlackSecret";

  constructor(secret: SlackSecret, fault: string) {
    super(`${secret}: ${fault}. Nothing was stored; repeat the command.`);
  }
}

class OtherLines extends Error {
  override readonly name = "OtherLines";

  constructor(wanted: readonly SlackSecret[], found: number) {
    super(`Expected ${wanted.length} lines on standard input (${wanted.join(", ")}), found ${found}.`);
  }
}
