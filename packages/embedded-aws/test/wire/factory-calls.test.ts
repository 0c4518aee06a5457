import { describe, expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/server.ts";
import { factoryAws } from "./clients/factory-aws.ts";
import { failures, pythonClient } from "./clients/make-calls.ts";
import { sdkClient } from "./clients/sdk-client.ts";
import { FACTORY_CALLS } from "./factory-calls.ts";
import { programsThat } from "./installed.ts";
import { TRANSPORTS } from "./transports.ts";

describe.each(TRANSPORTS)("the SDK $name", ({ name, connect }) => {
  test("makes all calls of the factory, and meets its refusals", async () => {
    const { aws, pass } = factoryAws();

    const wrong = await failures(sdkClient(await connect(aws)), {
      title: `SDK ${name}`,
      calls: FACTORY_CALLS,
      pass,
      ofSdk: true,
    });

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

      const wrong = await failures(pythonClient(python, script, server.url), {
        title: `${name} of ${python}`,
        calls: FACTORY_CALLS,
        pass,
        ofSdk: false,
      });

      expect(wrong).toEqual([]);
    },
  );
}
