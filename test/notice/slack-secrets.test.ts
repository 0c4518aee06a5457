import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteParameterCommand, DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { accountPrincipal } from "embedded-aws";
import { recordAws, recordsOf } from "embedded-aws/state";
import { expect, test } from "vitest";
import { readSlackSecret } from "../../adapters/notice/slack-secrets.ts";
import { findParked } from "../../local/consumers/subscriber.ts";
import { start } from "../world/running-factory.ts";
import { HOUR, MINUTE } from "../world/time.ts";
import { envelope, feed, feedTitle, startTold, type Told } from "./told.ts";

const TOKEN = "xoxb-12-34-rotated";
const SECRET = "0123456789abcdef0123456789abcdef";
const names = ["/amint-slack/acme/bot-token", "/amint-slack/acme/signing-secret"];

/** `amint slack secrets`, with these lines on standard input. */
async function store({ env, racing }: Told, lines: readonly string[], ...args: string[]) {
  const command = start(process.execPath, ["cli/command/amint.mjs", "slack", "secrets", ...args], env);
  command.child.stdin?.end(lines.map((line) => `${line}\n`).join(""));
  return racing(command.ended);
}

test("the command stores both secrets under the factory's key, rotates them, and prints neither", async () => {
  const told = await startTold();
  const ssm = told.client(SSMClient);
  for (const Name of names) await ssm.send(new DeleteParameterCommand({ Name }));

  const first = await store(told, [TOKEN, SECRET]);
  const again = await store(told, [SECRET], "--only", "signing-secret");

  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(first.stdout).toContain("bot-token: /amint-slack/acme/bot-token, version 1\n");
  expect(again.stdout).toContain("signing-secret: /amint-slack/acme/signing-secret, version 2\n");
  expect(first.stdout + again.stdout).not.toMatch(/xoxb|0123456789abcdef/);
  const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({}));
  const stored = Parameters.filter(({ Name = "" }) => names.includes(Name));
  expect(stored.map(({ Type, KeyId = "" }) => [Type, KeyId.replace(/[^/]+$/, "")])).toEqual([
    ["SecureString", "arn:aws:kms:eu-west-1:111122223333:key/"],
    ["SecureString", "arn:aws:kms:eu-west-1:111122223333:key/"],
  ]);
});

test("values of another form are refused before any is stored, and are not repeated", async () => {
  const told = await startTold();

  const swapped = await store(told, [SECRET, TOKEN]);
  const one = await store(told, [TOKEN]);
  const argument = await store(told, [], TOKEN);

  expect(swapped.stderr).toContain('amint: bot-token: expected a bot token, which begins with "xoxb-"');
  expect(one.stderr).toContain("Expected 2 lines on standard input (bot-token, signing-secret), found 1.");
  expect([swapped.code, one.code, argument.code]).toEqual([1, 1, 64]);
  expect(swapped.stderr + one.stderr + argument.stderr).not.toMatch(/xoxb-12|0123456789abcdef/);
});

test("a token that was rotated is used at once", async () => {
  const told = await startTold();
  await told.tell("feed.failed", feed);
  told.slack.rotate({ token: TOKEN });
  await store(told, [TOKEN], "--only", "bot-token");

  await told.tell("feed.failed", feed);

  expect(told.slack.messages.map(({ text }) => text)).toEqual([feedTitle, feedTitle]);
});

test("a signing secret that was rotated is used at once, and forged requests do not make the function read it each time", async () => {
  const told = await startTold();
  const FunctionName = "amint-acme-answer-slack";
  const { FunctionUrl = "" } = await told.client(LambdaClient).send(new GetFunctionUrlConfigCommand({ FunctionName }));
  told.slack.interactAt(FunctionUrl);
  const type = async (forged?: "secret") =>
    (await told.slack.type("/amint rollback", { id: "U0000000ADA", name: "ada" }, forged && { forged })).status;
  recordAws(told.booted.aws);
  const reads = () =>
    recordsOf(told.booted.aws)
      .calls.after(0)
      .filter(({ operation, caller }) => operation === "GetParameter" && caller.includes("answer-slack")).length;

  const before = await type();
  told.slack.rotate({ signingSecret: SECRET });
  const rotated = await type();
  await store(told, [SECRET], "--only", "signing-secret");
  await told.pass(MINUTE);
  const stored = await type();
  const forged = await Promise.all(Array.from({ length: 20 }, () => type("secret")));

  expect([before, rotated, stored]).toEqual([200, 403, 200]);
  expect(new Set(forged)).toEqual(new Set([403]));
  // Once for each value, and once more for the forged requests at most.
  expect(reads()).toBeLessThanOrEqual(3);
});

test("a missing secret is an error that names the command, and SNS is notified all the same", async () => {
  const told = await startTold();
  const Name = "/amint-slack/acme/bot-token";
  await told.client(SSMClient).send(new DeleteParameterCommand({ Name }));

  await told.send("notify", envelope("feed.failed", feed));
  await told.pass(HOUR);

  expect(await told.subjects()).toEqual([feedTitle]);
  expect(await findParked(told.options)).toHaveLength(1);
  expect(await logged(told)).toContain(
    'slack: The parameter /amint-slack/acme/bot-token does not exist. Store Slack\'s secrets with \\"amint slack secrets\\".',
  );
  const source = { ssm: told.client(SSMClient), factory: "acme", now: new Date(told.clock.now()) };
  await expect(readSlackSecret(source, "bot-token")).rejects.toThrow(
    'Store Slack\'s secrets with "amint slack secrets".',
  );
});

/** Everything that functions have logged. */
async function logged({ booted: { aws } }: Told): Promise<string> {
  const caller = { principal: accountPrincipal("111122223333"), region: "eu-west-1" };
  const read = <Output>(operation: string, input: object) => aws.call<Output>("logs", operation, input, caller);
  const { logGroups } = await read<{ logGroups: { logGroupName: string }[] }>("DescribeLogGroups", {});
  let text = "";
  for (const { logGroupName } of logGroups) {
    const { events } = await read<{ events: { message: string }[] }>("FilterLogEvents", { logGroupName });
    text += events.map(({ message }) => message).join("\n");
  }
  return text;
}

test("no log, event or recorded call has a secret in it", async () => {
  const told = await startTold();
  recordAws(told.booted.aws);
  await store(told, [TOKEN, SECRET]);

  // Slack knows another token, so that the new one is rejected.
  await told.send("notify", envelope("feed.failed", feed));
  await told.pass(30 * MINUTE);

  expect(told.slack.messages).toEqual([]);
  const { calls, events } = recordsOf(told.booted.aws);
  const text = (await logged(told)) + JSON.stringify([calls.after(0), events.after(0)]);
  expect(text).toContain("invalid_auth");
  expect(text).toContain("PutParameter");
  expect(text).not.toMatch(/xoxb-|0123456789abcdef|5ca1ab1e/);
});
