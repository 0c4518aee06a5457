import { GetFunctionUrlConfigCommand, LambdaClient, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { setInterference } from "embedded-aws/faults";
import { recordAws, recordsOf, setQuota } from "embedded-aws/state";
import { expect, onTestFinished, test } from "vitest";
import { openApproval } from "../../adapters/approval/approvals.ts";
import { sendAnswer } from "../../cli/approval/answers.ts";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { at, resourcesOf } from "../world/read-blueprint.ts";
import { account, type FactoryOnAPort, startFactory } from "../world/running-factory.ts";
import { withEnv } from "../world/with-env.ts";

const MOST = 64 * 1024;

async function publicUrl({ client }: FactoryOnAPort): Promise<string> {
  const asked = new GetFunctionUrlConfigCommand({ FunctionName: "amint-acme-answer-slack" });
  return (await client(LambdaClient).send(asked)).FunctionUrl ?? "";
}

test("large bodies to the public address are refused before anything looks at them", async () => {
  const factory = await startFactory();
  const url = await publicUrl(factory);
  recordAws(factory.booted.aws);
  // Lambda hands text over as it came, and everything else in base64.
  const post = async (bytes: number, type: string) => {
    const headers = { "content-type": type, "x-slack-signature": "v0=00", "x-slack-request-timestamp": "1775030400" };
    return (await fetch(url, { method: "POST", headers, body: "x".repeat(bytes) })).status;
  };
  const types = ["application/json", "application/x-www-form-urlencoded"];

  const large: number[] = [];
  for (const type of types) for (const bytes of [MOST + 1, 5_000_000]) large.push(await post(bytes, type));
  const reads = recordsOf(factory.booted.aws).calls.after(0);
  const allowed = [await post(MOST, types[0]!), await post(MOST, types[1]!)];

  expect(large).toEqual([413, 413, 413, 413]);
  expect(reads.filter(({ caller }) => caller.includes("answer-slack")).map(({ operation }) => operation)).toEqual([]);
  expect(allowed).toEqual([403, 403]);
});

/**
 * An attacker sends as many slow requests to the public address as the account runs executions.
 * @returns statuses of those that were refused, once no more is taken
 */
async function flood(factory: FactoryOnAPort, requests: number): Promise<number[]> {
  const url = await publicUrl(factory);
  const gate = Promise.withResolvers<void>();
  setInterference(factory.booted.aws, {
    async operation({ operation, call }, carryOut) {
      if (operation === "GetParameter" && call.principal.arn.includes("answer-slack")) await gate.promise;
      return carryOut();
    },
    deliveries: () => [0],
    latency: () => 0,
    lifetime: () => undefined,
  });
  const refused: number[] = [];
  const headers = { "x-slack-signature": "v0=00", "x-slack-request-timestamp": "1775030400" };
  const sent = Array.from({ length: requests }, async () => {
    const { status } = await fetch(url, { method: "POST", headers, body: "forged" });
    if (status === 429) refused.push(status);
  });
  onTestFinished(async () => {
    gate.resolve();
    await Promise.all(sent);
  });
  // Requests that are held say nothing; those beyond what runs are refused at once.
  while (refused.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  return refused;
}

const build = parseBuildArn(`arn:aws:imagebuilder:eu-west-1:${account}:image/acme-ubuntu-2404-base/1.0.0/1`);

/** An approver's answer by the CLI, to a question that waits. */
async function answer(factory: FactoryOnAPort): Promise<string> {
  withEnv(factory.env);
  const subject = { image: "ubuntu-2404-base", build, channel: "stable" };
  const expiresAt = "2026-04-04T08:00:00.000Z";
  const asked = { ...subject, approvers: ["ada", "grace"], required: 1, expiresAt, token: "t" };
  await openApproval(factory.ledger, { ...asked, requestedAt: "2026-04-01T08:00:00.000Z" });
  return sendAnswer(await readBlueprint(), { build, verdict: "approved", reason: "looks good" }).catch(String);
}

test("a flood of the public address keeps approvers from answering where nothing is reserved for it", async () => {
  const factory = await startFactory();
  setQuota(factory.booted.aws, account, "eu-west-1", "L-B99A9384", 10);
  await flood(factory, 11);

  expect(await answer(factory)).toMatch(/HTTP 429.*notify\.slack\.reservedConcurrency/);
});

test("with reserved concurrency a flood takes no more than that, and approvers answer by the CLI", async () => {
  const factory = await startFactory();
  setQuota(factory.booted.aws, account, "eu-west-1", "L-B99A9384", 105);
  const FunctionName = "amint-acme-answer-slack";
  const reserve = new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 5 });
  await factory.client(LambdaClient).send(reserve);
  await flood(factory, 20);

  // It came through both functions: who answers is not one of the approvers.
  expect(await answer(factory)).toContain(`arn:aws:iam::${account}:root matches no entry of the config's people`);
});

test("the example reserves nothing: an account limited to 10 executions could not deploy it otherwise", () => {
  const reserving = resourcesOf("Function").filter((one) => at(one, "reservedConcurrentExecutions") !== undefined);

  expect(reserving).toEqual([]);
});
