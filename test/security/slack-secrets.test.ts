import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { rolePrincipal } from "embedded-aws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { slackSecretParameter, slackSecretReaders, slackSecrets } from "../../core/notice/slack-secrets.ts";
import { type Deployed, startDeployed } from "../world/deployed.ts";
import { resourcesOf } from "../world/read-blueprint.ts";
import { policyOf, trusting } from "../world/roles.ts";

const account = "111122223333";
const region = "eu-west-1";

let factory: Deployed;
beforeAll(async () => {
  factory = await startDeployed();
}, 60_000);
afterAll(() => factory.close());

const as = (role: string) => ({ principal: rolePrincipal(`arn:aws:iam::${account}:role/${role}`, "stolen"), region });

/** A role of the account with these rights, on everything. */
async function roleWith(RoleName: string, ...Action: string[]) {
  const iam = factory.client(IAMClient);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting("ec2") }));
  const PolicyDocument = policyOf({ Effect: "Allow", Action, Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "rights", PolicyDocument }));
  return as(RoleName);
}

/** The secrets that a caller reads in the clear. */
async function readBy(caller: ReturnType<typeof as>): Promise<string[]> {
  const read: string[] = [];
  for (const secret of slackSecrets) {
    const input = { Name: slackSecretParameter("acme", secret), WithDecryption: true };
    try {
      await factory.booted.aws.call("ssm", "GetParameter", input, caller);
      read.push(secret);
    } catch (error) {
      if ((error as { code?: string }).code !== "AccessDeniedException") throw error;
    }
  }
  return read;
}

test("a reader of functions' configurations finds no secret of Slack's in them", async () => {
  const { aws } = factory.booted;
  const caller = await roleWith("reads-configurations", "lambda:GetFunctionConfiguration");
  const names = resourcesOf("Function").map(({ inputs }) => String(inputs.name));
  const read: string[] = [];
  for (const FunctionName of names) {
    read.push(JSON.stringify(await aws.call("lambda", "GetFunctionConfiguration", { FunctionName }, caller)));
  }

  expect(read.length).toBeGreaterThan(30);
  expect(read.filter((text) => /xoxb-|5ca1ab1e|SIGNING_SECRET|BOT_TOKEN/.test(text))).toEqual([]);
});

test("one who may read every parameter and use every key of the account reads neither secret", async () => {
  const caller = await roleWith("reads-everything", "ssm:*", "kms:Decrypt", "kms:CreateGrant");

  expect(await readBy(caller)).toEqual([]);
});

test("one who takes over a function reads the secret that this function needs, and no other function reads any", async () => {
  const roles = resourcesOf("Role").map(({ inputs }) => String(inputs.name));
  const open: Record<string, string[]> = {};
  for (const role of roles) {
    const read = await readBy(as(role));
    if (read.length > 0) open[role.replace("amint-acme-", "")] = read;
  }

  expect(roles.length).toBeGreaterThan(30);
  expect(open).toEqual(
    Object.fromEntries(slackSecrets.flatMap((one) => slackSecretReaders[one].map((reader) => [reader, [one]]))),
  );
});

test("no function of the factory writes or deletes a secret", async () => {
  const roles = resourcesOf("Role").map(({ inputs }) => String(inputs.name));
  const done: string[] = [];
  for (const role of roles) {
    for (const secret of slackSecrets) {
      const Name = slackSecretParameter("acme", secret);
      for (const [operation, input] of [
        ["PutParameter", { Name, Value: "mallory's", Type: "String", Overwrite: true }],
        ["DeleteParameter", { Name }],
      ] as const) {
        const refusal = await factory.booted.aws.call("ssm", operation, input, as(role)).catch((error) => error.code);
        if (refusal !== "AccessDeniedException") done.push(`${role}: ${operation} ${secret}`);
      }
    }
  }

  expect(done).toEqual([]);
});
