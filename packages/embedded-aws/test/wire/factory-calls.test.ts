import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/server.ts";
import { factoryAws } from "./clients/factory-aws.ts";
import { type Client, failureOf, type Told, withAnswers } from "./clients/factory-call.ts";
import { sdkClient } from "./clients/sdk-client.ts";
import { FACTORY_CALLS } from "./factory-calls.ts";
import { environment, programsThat } from "./installed.ts";
import { TRANSPORTS } from "./transports.ts";
import { FACTORY } from "./whole-aws.ts";

/**
 * A client written in Python that runs until the test ends: it reads one call per line, and responds with one line.
 * @param script in this folder
 * @param endpoint URL without a slash at the end
 */
function pythonClient(python: string, script: string, endpoint: string): Client {
  const program = spawn(python, [`${import.meta.dirname}/${script}`], { env: environment(endpoint, FACTORY) });
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const ended = once(program, "close");
  let said = "";
  program.stderr.on("data", (text) => {
    said += text;
  });
  // A missing line means that the program has ended.
  program.stdin.on("error", () => {});
  onTestFinished(async () => {
    program.stdin.end();
    await ended;
  });

  return {
    async send(call, input) {
      program.stdin.write(`${JSON.stringify({ call, input })}\n`);
      const { done, value } = await lines.next();
      if (done) throw new Error(`${script} ended at ${call}: ${said}`);
      const told = JSON.parse(value) as Told | { broken: string };
      if ("broken" in told) throw new Error(`${script} could not make ${call}: ${told.broken}`);
      return told;
    },
  };
}

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
