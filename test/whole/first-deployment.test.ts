// @module-tag deep
// @module-tag needs/sst-platform
// @module-tag needs/aws-cli
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssumeRoleCommandOutput } from "@aws-sdk/client-sts";
import { accountPrincipal, type EmbeddedAws, startAws, VirtualClock } from "embedded-aws";
import { openDeployDoor } from "embedded-aws/command";
import { installed } from "embedded-aws/testing/programs";
import { expect, onTestFinished, test } from "vitest";
import { exampleOrganization } from "../../demo/organization.ts";
import factory from "../../factory.config.ts";
import { root } from "../../stacks/blueprint/project.ts";
import { copyOfCheckout } from "../world/checkout-with.ts";
import { BEGIN } from "../world/time.ts";
import { deployerPolicy, FACTORY, shellBlocks } from "./first-deployment/guide.ts";
import { leftIn } from "./first-deployment/left-in.ts";

const CONSUMER = "200000000001";

/**
 * The AWS CLI against AWS_ENDPOINT_URL, which Debian's does not read. Where the CLI is too old, the SDK stands in; a list of
 * AMIs is asked for without disabled ones, of which the guide's factory has none yet.
 */
const program = `#!/bin/sh
if [ "$2" = describe-images ] && ! "$AWS_CLI" ec2 describe-images --include-disabled --generate-cli-skeleton > /dev/null 2>&1; then
  for one; do
    shift
    [ "$one" = --include-disabled ] || set -- "$@" "$one"
  done
fi
errors=$(mktemp)
"$AWS_CLI" "$@" --endpoint-url "$AWS_ENDPOINT_URL" 2> "$errors"
code=$?
if grep -q -e 'Invalid choice' -e 'Unknown options' "$errors"; then
  rm "$errors"
  exec node ${root}test/whole/first-deployment/newer-than-cli.mjs "$@"
fi
cat "$errors" >&2
rm "$errors"
exit $code
`;

/** An AWS without a factory, and a checkout in which the guide's commands run. */
async function start(cli: string) {
  const clock = new VirtualClock(BEGIN);
  const started = await startAws({ clock, organization: exampleOrganization(factory, FACTORY), port: 0, lingerMs: 25 });
  onTestFinished(() => started.close());
  const checkout = await copyOfCheckout(["blueprint.json", "cli", "local", "demo", ".gitignore", "setup.mjs"]);
  const programs = await mkdtemp(join(tmpdir(), "amint-programs-"));
  onTestFinished(() => rm(programs, { recursive: true }));
  await writeFile(join(programs, "aws"), program, { mode: 0o755 });
  const port = Number(new URL(started.url).port);
  const XDG_STATE_HOME = await mkdtemp(join(tmpdir(), "amint-state-"));
  onTestFinished(() => rm(XDG_STATE_HOME, { recursive: true }));
  openDeployDoor(started.aws, port, { XDG_STATE_HOME });
  const env = {
    XDG_STATE_HOME,
    PATH: `${programs}:${root}node_modules/.bin:${process.env.PATH}`,
    HOME: checkout,
    AWS_CLI: cli,
    AWS_ENDPOINT_URL: started.url,
    AWS_SECRET_ACCESS_KEY: "any",
    AWS_DEFAULT_REGION: factory.buildRegion,
    AWS_PAGER: "",
    AWS_EC2_METADATA_DISABLED: "true",
    GIT_AUTHOR_NAME: "ada",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "ada",
    GIT_COMMITTER_EMAIL: "ada@example.com",
  };
  /** As an account, or with credentials; with time that passes meanwhile. */
  async function run(commands: string, as: string | NodeJS.ProcessEnv = FACTORY): Promise<string> {
    const text = commands.replaceAll(/(amint local \w+)/g, `$1 --port ${port}`);
    const stop = clock.race();
    const child = spawn("bash", ["-euo", "pipefail", "-c", text], {
      cwd: checkout,
      env: { ...env, ...(typeof as === "string" ? { AWS_ACCESS_KEY_ID: as } : as) },
      // Bash takes a socket for a remote shell's, and reads its start-up files.
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
    const [code] = await once(child, "close");
    stop();
    await clock.settle();
    if (code !== 0) throw new Error(`As ${JSON.stringify(as)}, with ${code}:\n${commands}\n${stdout}${stderr}`);
    return stdout;
  }
  return { ...started, checkout, run };
}

/** Credentials of a role in the factory's account that has the guide's policy and nothing else. */
async function assumeDeployer(aws: EmbeddedAws) {
  const caller = { principal: accountPrincipal(FACTORY), region: factory.buildRegion };
  const trust = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${FACTORY}:root` }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  await aws.call("iam", "CreateRole", { RoleName: "deployer", AssumeRolePolicyDocument }, caller);
  const PolicyDocument = deployerPolicy();
  await aws.call("iam", "PutRolePolicy", { RoleName: "deployer", PolicyName: "deploy", PolicyDocument }, caller);
  const RoleArn = `arn:aws:iam::${FACTORY}:role/deployer`;
  const { Credentials } = await aws.call<AssumeRoleCommandOutput>(
    "sts",
    "AssumeRole",
    { RoleArn, RoleSessionName: "ada" },
    caller,
  );
  return {
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials?.SessionToken,
  };
}

test("the guide's commands lead from an empty account to a consumer's instance, and remove all of it", async () => {
  const { aws, checkout, run } = await start(installed("aws")[0] ?? "aws");
  await run("git init --quiet && git add --all && git commit --quiet --message 'The example'");
  const said: { readonly section: number; readonly commands: string; readonly stdout: string }[] = [];
  let rights = "";
  let isProtected = "";

  for (const { section, account, commands } of shellBlocks()) {
    if (commands === undefined) continue;
    if (section === 13 && said.at(-1)?.section === 12) await change(checkout);
    if (section === 15 && said.at(-1)?.section === 14) {
      await run("npx amint build al2023-node --wait");
      isProtected = await run("npx amint local remove").catch(String);
    }
    said.push({ section, commands, stdout: await run(commands, account) });
    if (commands.includes("amint preflight")) rights = await run(commands, await assumeDeployer(aws));
  }

  const outputOf = (number: number, text: string) => {
    const found = said.find(({ section, commands }) => section === number && commands.includes(text));
    return found?.stdout ?? `Section ${number} has no block with "${text}".`;
  };
  expect(rights).toMatch(/^ok {3}deployer-rights .*: all \d+ actions of the deployment are allowed/m);
  expect(outputOf(9, "list-subscriptions")).toBe("platform@example.com\n");
  const ami = outputOf(11, "get-parameter").trim();
  expect(ami).toMatch(/^ami-\w+$/);
  expect(outputOf(11, "run-instances")).toMatch(new RegExp(`i-\\w+\\t${ami}\n$`));
  expect(outputOf(13, "amint local deploy")).toMatch(/replace ComponentSmoke .*retain {2}ComponentSmoke /s);
  expect(outputOf(14, "amint local deploy")).toMatch(/replace ComponentSmoke .*retain {2}ComponentSmoke /s);
  expect(isProtected).toContain("Cannot remove protected stage.");
  expect(said.at(-1)?.stdout).toBe("");
  expect(await leftIn(aws, FACTORY, CONSUMER)).toEqual([]);
});

/** Something for a second deployment to do. */
async function change(checkout: string): Promise<void> {
  const path = join(checkout, "images/components/smoke.yaml");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(/^description: /m, "description: Once more, "));
}
