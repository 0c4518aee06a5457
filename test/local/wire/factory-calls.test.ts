import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EmbeddedAws } from "../../../local/embedded-aws.ts";
import { type RunningServer, startServer } from "../../../local/server.ts";
import { allServices } from "../../../local/services/all.ts";
import { FACTORY_CALLS, type FactoryCall, failureOf, type Told, withAnswers } from "./factory-calls.ts";
import { answers, installed, runAs } from "./installed.ts";
import { credentials, TRANSPORTS } from "./transports.ts";
import { FACTORY, wholeAws } from "./whole-aws.ts";

/** Makes all calls in order through one client, and tells what went otherwise than it should. */
async function failures(client: string, send: (step: FactoryCall, input: object) => Promise<Told>, ofSdk = false) {
  const said: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const step of FACTORY_CALLS) {
    const told = await send(step, withAnswers(step.input ?? {}, said) as object);
    if (step.as !== undefined) said[step.as] = told.answer;
    const failure = failureOf(step, told, ofSdk);
    if (failure !== undefined) wrong.push(failure);
  }
  const refused = FACTORY_CALLS.filter((step) => step.refused !== undefined).length;
  console.log(`${client}: ${FACTORY_CALLS.length - refused} calls answered, ${refused} refused as AWS refuses them`);
  return wrong;
}

type Sdk = new (options: object) => { send(command: unknown): Promise<Record<string, unknown>> };

describe.each(TRANSPORTS)("the SDK $name", ({ name, connect }) => {
  test("makes all calls of the factory, and meets its refusals", async () => {
    const aws: EmbeddedAws = wholeAws();
    const connection = await connect(aws);
    const options = { region: "eu-west-1", credentials: credentials(FACTORY), maxAttempts: 1, ...connection.options };

    const wrong = await failures(
      `SDK ${name}`,
      async ({ call }, input) => {
        const [service = "", operation] = call.split(":");
        const module = (await (await allServices[service]?.())?.client()) ?? {};
        const [, Client] = Object.entries(module).find(([key]) => key.endsWith("Client") && key !== "__Client") ?? [];
        const Command = module[`${operation}Command`] as new (input: object) => unknown;
        return new (Client as Sdk)(options).send(new Command(input)).then(
          (answer) => ({ answer }),
          (error: Error) => ({ refused: error.name }),
        );
      },
      true,
    );

    await connection.close();
    expect(wrong).toEqual([]);
  });
});

/** Names that the CLI and boto3 have for services that SigV4 names otherwise. */
const CLIENT_NAMES: Readonly<Record<string, string>> = { states: "stepfunctions", monitoring: "cloudwatch" };
const words = (operation: string, between: string) =>
  operation.replace(/(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, (letter) => between + letter).toLowerCase();

const pythons = installed("python3");
const usable = await Promise.all(pythons.map((python) => answers(python, "-c", "import boto3")));
const CLIENTS = [
  // It starts anew for each call, which takes minutes: aws-cli.test.ts tries each protocol, AMINT_CLI=all every call.
  ...(process.env.AMINT_CLI === "all" ? installed("aws") : []).map((program, n) => ({
    title: `AWS CLI ${n + 1}`,
    program,
    boto: false,
  })),
  ...pythons.filter((_, n) => usable[n]).map((program, n) => ({ title: `boto3 ${n + 1}`, program, boto: true })),
];

/** Makes the calls that it reads as JSON, and prints what each was told. */
const PROGRAM = `
import boto3, json, os, sys
from botocore.exceptions import ClientError
said, told, clients = {}, [], {}
def at(path):
    value = said
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value
def filled(value):
    if isinstance(value, list):
        return [filled(one) for one in value]
    if not isinstance(value, dict):
        return value
    return at(value["ref"]) if "ref" in value else {key: filled(one) for key, one in value.items()}
for call in json.loads(sys.argv[1]):
    name = call["service"]
    if name not in clients:
        clients[name] = boto3.client(name, region_name="eu-west-1", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    try:
        answer = getattr(clients[name], call["operation"])(**filled(call["input"]))
        said[call["as"]] = answer
        told.append({"answer": answer})
    except ClientError as error:
        told.append({"refused": error.response["Error"]["Code"]})
print(json.dumps(told, default=str))
`;

test.skipIf(CLIENTS.some(({ boto }) => boto))("boto3 is not installed: apt-get install python3-boto3", () => {});

describe.each(CLIENTS)("$title", ({ title, program, boto }) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(wholeAws(), { port: 0 });
  });
  afterAll(() => server.close());

  const ofBoto = async (): Promise<Told[]> => {
    const calls = FACTORY_CALLS.map(({ call, input = {}, as = "" }) => {
      const [service = "", operation = ""] = call.split(":");
      return { service: CLIENT_NAMES[service] ?? service, operation: words(operation, "_"), input, as };
    });
    const { stdout, stderr } = await runAs(program, ["-c", PROGRAM, JSON.stringify(calls)], server.url, FACTORY);
    if (stdout === "") throw new Error(`boto3 ended: ${stderr}`);
    return JSON.parse(stdout) as Told[];
  };
  const ofCli = async ({ call }: FactoryCall, input: object): Promise<Told> => {
    const [service = "", operation = ""] = call.split(":");
    const command = [service === "s3" ? "s3api" : (CLIENT_NAMES[service] ?? service), words(operation, "-")];
    const asked = ["--output", "json", "--endpoint-url", server.url, "--cli-input-json", JSON.stringify(input)];
    const { code, stdout, stderr } = await runAs(program, [...command, ...asked], server.url, FACTORY);
    if (code === 0) return { answer: stdout === "" ? {} : (JSON.parse(stdout) as Record<string, unknown>) };
    return { refused: /An error occurred \(([\w.]+)\)/.exec(stderr)?.[1] ?? stderr };
  };

  test("makes all calls of the factory, and meets its refusals", { timeout: 600_000 }, async () => {
    const told = boto ? await ofBoto() : [];
    const send = boto ? async () => told.shift() as Told : ofCli;

    expect(await failures(title, send)).toEqual([]);
  });
});
