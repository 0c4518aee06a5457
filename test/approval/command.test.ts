// @module-tag deep
import {
  CreateRoleCommand,
  EntityAlreadyExistsException,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { buildVersion } from "../../core/build/build-arn.ts";
import factory from "../../factory.config.ts";
import { account, checkout, start } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";
import { channel, image, slackUser, startWaiting, type WaitingFactory } from "./waiting-factory.ts";

const entering = ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"];

/** The rights of those who answer: to find and to read, and to enter. */
function answering(region: string, enter: readonly string[] = entering, of = "answer-approval"): string {
  const name = `amint-${factory.name}`;
  const allow = (Action: readonly string[], Resource: string) => ({ Effect: "Allow", Action, Resource });
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      allow(["lambda:GetFunctionUrlConfig", ...enter], `arn:aws:lambda:${region}:${account}:function:${name}-${of}`),
      allow(["dynamodb:Query"], `arn:aws:dynamodb:${region}:${account}:table/${name}-ledger`),
    ],
  });
}

/** Credentials of a role's session, as the config knows the person by. */
async function signIn({ options }: WaitingFactory, role: string, session: string, policy?: string) {
  const iam = new IAMClient(options);
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" },
  });
  await iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument })).catch(async (error: unknown) => {
    // The requester has it already.
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument: AssumeRolePolicyDocument }));
  });
  const PolicyDocument = policy ?? answering(options.region);
  await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: "answer", PolicyDocument }));
  const RoleArn = `arn:aws:iam::${account}:role/${role}`;
  const { Credentials } = await new STSClient(options).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: session }),
  );
  return {
    PATH: `${checkout}node_modules/.bin:${process.env.PATH}`,
    HOME: process.env.HOME,
    AWS_ENDPOINT_URL: options.endpoint,
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials?.SessionToken,
  };
}

function amint(env: NodeJS.ProcessEnv, ...args: string[]) {
  return start(process.execPath, ["cli/command/amint.mjs", ...args], env).ended;
}

/** Role and session of the ARN by which the config knows a person. */
const roleOf = (name: string) => factory.people[name]!.principals[0]!.split("/").slice(1) as [string, string];

test("a build is approved on the command line under the caller's IAM identity", async () => {
  const waiting = await startWaiting("ada");
  const version = buildVersion(waiting.build);
  const [grace, ada, other] = await Promise.all([
    signIn(waiting, ...roleOf("grace")),
    signIn(waiting, ...roleOf("ada")),
    signIn(waiting, "Visitors", "grace@example.com"),
  ]);

  const visitor = await amint(other, "approve", image, version, "--reason", "let me in");
  const alone = await amint(ada, "approve", version, "--reason", "looks good");
  const message = await waiting.post();
  await waiting.slack.press(message, "approve", slackUser("ada"));
  await waiting.pass(60_000);
  const unknown = await amint(grace, "approve", image, "9.9.9/9", "--reason", "the wrong one");
  const noBuild = await amint(grace, "approve", image, "--reason", "whichever");
  const noReason = await amint(grace, "approve", version);
  const agreed = await amint(grace, "approve", version, "--reason", "two CVEs closed");
  const late = await amint(grace, "reject", waiting.build, "--reason", "changed my mind", "--channel", channel);
  await waiting.pass(HOUR);

  expect(visitor).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/arn:aws:sts::\S+ matches no entry of the config's people/),
  });
  expect(alone).toMatchObject({ code: 0, stdout: expect.stringContaining("one of grace must also approve") });
  expect(waiting.slack.replies[0]?.text).toMatch(/ada already approved it at .* \(cli\)\.$/);
  expect(unknown.stderr).toContain("is neither an image nor a build of the factory");
  expect(noBuild.stderr).toContain(`Name one of its builds: "${image} ${version}"`);
  expect(noReason.stderr).toContain("required option '--reason <text>' not specified");
  expect(agreed).toEqual({ code: 0, stdout: `${image} ${version} is approved for ${channel}.\n`, stderr: "" });
  expect(late).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("already granted: approved by ada (cli), approved by grace (cli)"),
  });
  expect(waiting.moved()).toContain(`${channel} ${waiting.build}`);
  expect(waiting.said("approval.granted")).toMatchObject([
    {
      answers: [
        { person: "ada", via: "cli", reason: "looks good" },
        { person: "grace", via: "cli", reason: "two CVEs closed" },
      ],
    },
  ]);
});

test("a caller whom IAM denies gets the missing rights, and nothing is recorded", async () => {
  const waiting = await startWaiting();
  const denied = await signIn(waiting, "Readers", "mallory", answering(waiting.options.region, entering.slice(0, 1)));

  const { code, stderr } = await amint(denied, "approve", buildVersion(waiting.build), "--reason", "please");

  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining("access denied: lambda:InvokeFunctionUrl and lambda:InvokeFunction on amint-acme-"),
  });
  expect(await waiting.answers()).toEqual([]);
});

test("an approver makes a build urgent that waits, as the caller's IAM identity; others get the function's reason", async () => {
  const waiting = await startWaiting();
  const asking = answering(waiting.options.region, entering, "promote-build");
  const grace = await signIn(waiting, ...roleOf("grace"), asking);
  const visitor = await signIn(waiting, "Visitors", "mallory", asking);
  const version = buildVersion(waiting.build);
  const promote = (env: NodeJS.ProcessEnv) => amint(env, "promote", version, "--urgent", "--reason", "exploited");

  const refused = await promote(visitor);
  const { code, stdout } = await promote(grace);
  const again = await promote(grace);

  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /not made urgent: An urgent build needs the right to approve it: .* matches no entry/,
    ),
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(
    new RegExp(`^${image} ${version} is being promoted again as an urgent build \\(attempt 2\\);`),
  );
  expect(again.stdout).toMatch(/has been promoted again as an urgent build since .* \(attempt 2\);/);
});
