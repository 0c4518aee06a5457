// @module-tag deep

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "./free-port.ts";
import { policy } from "./policy.ts";
import { runAs } from "./wire/installed.ts";

const run = promisify(execFile);
const SLOW = 300_000;
let folder: string;
/** The package and what it depends on, as `npm pack` makes them, in an empty folder. Packing changes package.json: so of a copy. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "embedded-aws-"));
  await mkdir(join(folder, "packages"));
  await cp("packages/pack.mjs", join(folder, "packages/pack.mjs"));
  await cp("tsconfig.json", join(folder, "tsconfig.json"));
  await symlink(resolve("node_modules"), join(folder, "packages/node_modules"));
  for (const name of ["component-runner", "embedded-aws"]) {
    const copy = join(folder, "packages", name);
    await cp(join("packages", name), copy, { recursive: true });
    await run("npm", ["pack", "--pack-destination", folder], { cwd: copy });
  }
  await rm(join(folder, "packages"), { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  const packed = (await readdir(folder)).filter((file) => file.endsWith(".tgz"));
  await run("npm", ["install", "--ignore-scripts", ...packed.map((file) => `./${file}`)], { cwd: folder });
}, SLOW);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("`npx embedded-aws` answers the AWS CLI", { timeout: SLOW, tags: "needs/aws-cli" }, async () => {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const atEndpoint = ["--endpoint-url", endpoint, "--output", "text"];
  const question = ["organizations", "list-accounts", "--query", "Accounts[].Id"];
  const server = spawn("npx", ["embedded-aws", "--port", String(port)], { cwd: folder, detached: true });
  try {
    await once(server.stdout, "data");
    const listed = await runAs("aws", [...atEndpoint, ...question], endpoint, "999988887777");

    expect(listed.stdout.split(/\s+/)).toContain("999988887777");
  } finally {
    // npx and what it started.
    if (server.pid) process.kill(-server.pid, "SIGTERM");
    await once(server, "close");
  }
});

test.each(["workers", "in-process"])(
  "a deployed program's functions run in %s",
  { timeout: SLOW },
  async (functions) => {
    await mkdir(join(folder, "functions"), { recursive: true });
    await writeFile(
      join(folder, "functions/whoami.ts"),
      `import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
     export const handler = async () => (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn;`,
    );
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    const resource = (name: string, type: string, inputs: object) => ({ name, type, region: "eu-west-1", inputs });
    const blueprint = {
      ...{ account: "111122223333", partition: "aws", buildRegion: "eu-west-1" },
      resources: [
        resource("Role", "aws:iam/role:Role", { name: "whoami", assumeRolePolicy: policy(trust) }),
        {
          ...resource("WhoAmI", "aws:lambda/function:Function", {
            name: "whoami",
            role: "arn:aws:iam::111122223333:role/whoami",
            runtime: "nodejs24.x",
            timeout: 60,
          }),
          handler: "functions/whoami.handler",
        },
      ],
    };
    await writeFile(
      join(folder, `${functions}.mjs`),
      `import { accountPrincipal, startAws, VirtualClock } from "embedded-aws";
     const clock = new VirtualClock(Date.UTC(2026, 3, 1));
     const program = { blueprint: ${JSON.stringify(blueprint)}, root: import.meta.dirname, functions: "${functions}" };
     const { aws, close } = await startAws({ clock, port: 0 }, program);
     const caller = { principal: accountPrincipal("111122223333"), region: "eu-west-1" };
     const asked = aws.call("lambda", "Invoke", { FunctionName: "whoami" }, caller);
     await clock.runUntil(clock.now() + 60_000);
     console.log(Buffer.from((await asked).Payload).toString());
     await close();`,
    );

    const { stdout } = await run(process.execPath, [`${functions}.mjs`], { cwd: folder });

    expect(stdout).toContain("arn:aws:sts::111122223333:assumed-role/whoami/");
  },
);
