import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { DeleteDistributionConfigurationCommand, ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { buildCommand, exitCodes } from "../../cli/build/build.ts";
import { globalOptions } from "../../cli/command/global-options.ts";
import { account, checkout, type FactoryOnAPort, start, startFactory } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";

/** The requester in IAM's form: the account's root user. */
const asked = { requestedBy: `arn:aws:iam::${account}:root`, principal: `arn:aws:iam::${account}:root` };

const guide = await readFile(`${checkout}docs/ci.md`, "utf8");

const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, text = ""]) => text);

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly ActionStep[] };
}

interface ActionStep {
  readonly id?: string;
  readonly shell: string;
  readonly "working-directory": string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run: string;
}

const action: Action = parse(await readFile(`${checkout}action.yml`, "utf8"));

/** Evaluates `${{ a || b }}` as GitHub's runner does, as far as the action uses it; anything else is refused. */
function evaluate(text: string, context: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const values = expression.split(" || ").map((name) => {
      if (!(name in context)) throw new Error(`The action uses ${name}, which does not exist.`);
      return context[name];
    });
    return values.find(Boolean) ?? "";
  });
}

/** Runs the action's last step as GitHub's runner does: its script in a file, with bash as `shell: bash` means it. */
async function runAction(factory: FactoryOnAPort, given: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "amint-action-"));
  const around = { "github.actor": "ada", "github.action_path": checkout };
  const inputs = Object.entries(action.inputs).map(([name, { default: value = "" }]) => {
    return [`inputs.${name}`, given[name] ?? evaluate(value, around)];
  });
  const context = { ...around, ...Object.fromEntries(inputs) };
  const step = action.runs.steps.at(-1)!;
  const script = join(folder, "step.sh");
  const outputs = join(folder, "outputs");
  await Promise.all([writeFile(script, step.run), writeFile(outputs, "")]);
  const env = Object.entries(step.env ?? {}).map(([name, value]) => [name, evaluate(value, context)]);
  const { ended } = start(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", script],
    { ...factory.env, ...Object.fromEntries(env), GITHUB_OUTPUT: outputs },
    evaluate(step["working-directory"], context),
  );
  return { ...(await factory.racing(ended)), outputs: await readFile(outputs, "utf8") };
}

const requests = ({ events }: FactoryOnAPort) =>
  events.filter(({ detailType }) => detailType === "build.started").map(({ detail }) => detail);

test("the action requests a build, waits for it, and outputs build and outcome", { tags: "deep" }, async () => {
  const factory = await startFactory();

  const { code, outputs, stderr } = await runAction(factory, { image: "al2023-base", reason: `a "new" $(agent)` });

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const [request] = requests(factory);
  expect(request?.triggers).toEqual([{ kind: "manual", ...asked, note: "ada", reason: `a "new" $(agent)` }]);
  expect(outputs).toBe(`build=${request?.build}\noutcome=succeeded\n`);
  for (const [name, { value }] of Object.entries(action.outputs)) {
    expect(value).toBe(`\${{ steps.build.outputs.${name} }}`);
    expect(outputs).toContain(`${name}=`);
  }
});

test("the action fails as the command does, and its outputs have the outcome", { tags: "deep" }, async () => {
  const factory = await startFactory({
    step: ({ step }) => (step === "InstallCloudWatchAgent" ? { exitCode: 22, stderr: "503" } : undefined),
  });

  const refused = await runAction(factory, { image: "al2023-web", wait: "false" });
  const failed = await runAction(factory, { image: "al2023-base", until: "available", timeout: "2m" });

  expect(refused).toMatchObject({ code: 7, outputs: "build=\noutcome=refused\n" });
  expect(failed.code).toBe(2);
  expect(failed.outputs).toMatch(/^build=arn:.*\noutcome=failed\n$/);
});

test("the action refuses contradictory inputs, and starts nothing", { tags: "deep" }, async () => {
  const factory = await startFactory();

  const wait = await runAction(factory, { image: "al2023-base", wait: "yes" });
  const image = await runAction(factory, { image: "--help" });

  expect(wait).toMatchObject({ code: 1, stdout: '::error::wait must be "true" or "false", not "yes".\n' });
  expect(image.code).toBe(1);
  expect(image.stderr).toContain('has no image "--help"');
  expect(requests(factory)).toEqual([]);
});

test("the action installs before it builds, in the same folder, and only by its inputs", () => {
  const [install, build] = action.runs.steps;

  expect(action.runs.steps).toHaveLength(2);
  expect(install?.run).toBe("node setup.mjs");
  expect(install?.["working-directory"]).toBe(build?.["working-directory"]);
  expect(build?.run).not.toContain("${{");
});

test("the guide lists every outcome with its exit code", () => {
  const rows = [...guide.matchAll(/^\| `([a-z-]+)` \| (\d+) \|/gm)].map(([, name, code]) => [name, Number(code)]);

  expect(Object.fromEntries(rows)).toEqual(exitCodes);
});

test("every command in the guide has existing options only", () => {
  const known = new Set([...buildCommand().options, ...globalOptions()].map(({ long }) => long));
  const shown = [...guide.matchAll(/npx amint build ([^\n']+)/g)].map(([, rest = ""]) => rest);

  const options = shown.flatMap((rest) => rest.match(/--[a-z-]+/g) ?? []);

  expect(shown.length).toBeGreaterThan(4);
  expect(options.filter((option) => !known.has(option))).toEqual([]);
});

test("the guide's workflow uses existing inputs and outputs of the action", () => {
  const [workflow] = blocks("yaml").map((text) => parse(text));
  const steps: { id?: string; uses?: string; with?: object; env?: Record<string, string> }[] =
    workflow.jobs.build.steps;
  const ours = steps.find(({ uses }) => uses === "./");

  const given = Object.keys(ours?.with ?? {});
  const read = steps
    .flatMap(({ env = {} }) => Object.values(env))
    .flatMap((text) => /outputs\.(\w+)/.exec(text)?.[1] ?? []);

  expect(given.filter((name) => !(name in action.inputs))).toEqual([]);
  const required = Object.keys(action.inputs).filter((name) => action.inputs[name]?.required);
  expect(required.filter((name) => !given.includes(name))).toEqual([]);
  expect(read.toSorted()).toEqual(Object.keys(action.outputs).toSorted());
  const listed = /^Inputs: (.*)\. Outputs: (.*)\.$/m.exec(guide);
  expect(listed?.[1]?.match(/[a-z-]+/g)?.toSorted()).toEqual(Object.keys(action.inputs).toSorted());
});

test("the guide's buildspec builds, and leaves the variables that it exports", { tags: "deep" }, async () => {
  const factory = await startFactory();
  const [, buildspec] = blocks("yaml").map((text) => parse(text));
  const { build } = buildspec.phases;
  const exported: string[] = buildspec.env["exported-variables"];
  const outputs = join(await mkdtemp(join(tmpdir(), "amint-buildspec-")), "amint.env");
  const script = [...build.commands, ...build.finally, ...exported.map((name) => `echo "$${name}"`)];
  const text = script.join("\n").replaceAll(/(\.\/)?amint\.env/g, outputs);

  const env = { ...factory.env, CODEBUILD_INITIATOR: "codepipeline/golden" };
  const { code, stdout } = await factory.racing(start("bash", ["-c", text], env).ended);

  expect(code).toBe(0);
  const [request] = requests(factory);
  expect(stdout.trim().split("\n").slice(-2)).toEqual([request?.build, "succeeded"]);
  expect(request?.triggers).toEqual([{ kind: "manual", ...asked, note: "codepipeline/golden" }]);
});

test("the guide's Jenkinsfile runs a build, and detects a rejection by its exit code", { tags: "deep" }, async () => {
  const factory = await startFactory();
  const [pipeline = ""] = blocks("groovy");
  const script = /script: '([^']+)'/.exec(pipeline)?.[1] ?? "";
  const outputs = join(await mkdtemp(join(tmpdir(), "amint-jenkins-")), "amint.env");

  const env = { ...factory.env, BUILD_TAG: "jenkins-golden-7", REASON: "a new agent" };
  const { code } = await factory.racing(start("sh", ["-c", script.replaceAll("amint.env", outputs)], env).ended);

  expect(code).toBe(0);
  expect(requests(factory)[0]?.triggers).toEqual([
    { kind: "manual", ...asked, note: "jenkins-golden-7", reason: "a new agent" },
  ]);
  expect(pipeline).toContain(`if (code == ${exitCodes.rejected}) unstable(`);
  expect(pipeline.match(/[{(]/g)?.length).toBe(pipeline.match(/[})]/g)?.length);
});

test("the guide's policy is enough for all of it: to ask, to follow, and to say why a promotion failed", {
  tags: "deep",
}, async () => {
  const factory = await startFactory();
  const imageBuilder = `arn:aws:imagebuilder:eu-west-1:${account}`;
  const distribution = "distribution-configuration/acme-ubuntu-2404-base-us-east-1";
  const iam = new IAMClient(factory.options);
  const trust = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const [PolicyDocument = ""] = blocks("json");
  await iam.send(
    new CreateRoleCommand({ RoleName: "golden-images", MaxSessionDuration: 43_200, AssumeRolePolicyDocument }),
  );
  await iam.send(new PutRolePolicyCommand({ RoleName: "golden-images", PolicyName: "ask-and-follow", PolicyDocument }));
  const RoleArn = `arn:aws:iam::${account}:role/golden-images`;
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: "ci", DurationSeconds: 43_200 });
  const { Credentials } = await new STSClient(factory.options).send(assume);
  const env = {
    ...factory.env,
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials?.SessionToken,
  };
  const amint = (...args: string[]) => start(process.execPath, ["cli/command/amint.mjs", ...args], env);

  // The credentials' session ends by factory time, too.
  const follow = async () => {
    const waiting = amint("build", "ubuntu-2404-base", "--wait");
    await waiting.said("pending");
    await factory.clock.runUntil(factory.clock.now() + 2 * HOUR);
    return waiting.ended;
  };

  const succeeded = await follow();
  await new ImagebuilderClient(factory.options).send(
    new DeleteDistributionConfigurationCommand({ distributionConfigurationArn: `${imageBuilder}:${distribution}` }),
  );
  const failed = await follow();
  const why = await amint("why", "ubuntu-2404-base").ended;

  expect(succeeded).toMatchObject({ code: 0, stderr: "" });
  expect(failed).toMatchObject({ code: 4, stderr: "" });
  expect(failed.stdout).toMatch(/was undone: \w+.*distribution-configuration/);
  expect(why).toMatchObject({ code: 0, stderr: "" });
  expect(why.stdout).toContain("its promotion failed");
});
