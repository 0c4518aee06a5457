import { describe, expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/server.ts";
import { factoryAws } from "./clients/factory-aws.ts";
import { type Client, failureOf, withAnswers } from "./clients/factory-call.ts";
import { pythonClient } from "./clients/python-client.ts";
import { sdkClient } from "./clients/sdk-client.ts";
import { FACTORY_CALLS } from "./factory-calls.ts";
import { programsThat } from "./installed.ts";
import { TRANSPORTS } from "./transports.ts";

/** Makes all calls in order through one client, and tells what went otherwise than it should. */
async function failures(title: string, client: Client, pass: (minutes: number) => Promise<void>, ofSdk: boolean) {
  const said: Record<string, unknown> = {};
  const wrong: string[] = [];
  const unknown = new Set<string>();
  const made = { answered: 0, refused: 0 };
  for (const step of FACTORY_CALLS) {
    if (step.after !== undefined) await pass(step.after);
    try {
      const told = await client.send(step.call, withAnswers(step.input ?? {}, said) as object);
      if ("unknown" in told) unknown.add(step.call);
      else made[step.refused ? "refused" : "answered"]++;
      if ("answer" in told && step.as !== undefined) said[step.as] = told.answer;
      const failure = failureOf(step, told, ofSdk);
      if (failure !== undefined) wrong.push(failure);
    } catch (cause) {
      wrong.push(`${step.call}: ${(cause as Error).message}`);
    }
  }
  const lacks = unknown.size > 0 ? `; it is older than ${[...unknown].join(", ")}` : "";
  console.log(`${title}: ${made.answered} calls answered, ${made.refused} refused as AWS refuses them${lacks}`);
  return wrong;
}

describe.each(TRANSPORTS)("the SDK $name", ({ name, connect }) => {
  test("makes all calls of the factory, and meets its refusals", async () => {
    const { aws, pass } = factoryAws();

    const wrong = await failures(`SDK ${name}`, sdkClient(await connect(aws)), pass, true);

    expect(wrong).toEqual([]);
  });
});

const PYTHON_CLIENTS = [
  { name: "AWS CLI", script: "make-calls-with-aws-cli.py", module: "awscli.clidriver", need: "needs/aws-cli-module" },
  { name: "boto3", script: "make-calls-with-boto3.py", module: "boto3", need: "needs/boto3" },
] as const;

for (const { name, script, module, need } of PYTHON_CLIENTS) {
  const pythons = await programsThat("python3", "-c", `import ${module}`);

  test.each(pythons.map((python, at) => ({ python, title: `${name} ${at + 1}` })))(
    `$title makes all calls of the factory, and meets its refusals`,
    { timeout: 600_000, tags: ["deep", need] },
    async ({ python }) => {
      const { aws, pass } = factoryAws();
      const server = await startServer(aws, { port: 0 });
      onTestFinished(() => server.close());

      const wrong = await failures(`${name} of ${python}`, pythonClient(python, script, server.url), pass, false);

      expect(wrong).toEqual([]);
    },
  );
}
