import { createAws } from "../../src/create-aws.ts";
import { allowEverything } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";

const START = Date.UTC(2026, 3, 1, 8);
const account = "111122223333";
const caller = { principal: accountPrincipal(account), region: "eu-west-1" };

const RULES = 200;
const PER_BATCH = 10;

const newAws = () => createAws({ clock: new VirtualClock(START), authorizer: allowEverything });

/** Events per second, put on a bus and matched against 200 rules. */
export async function eventsPerSecond(batches: number): Promise<number> {
  const aws = newAws();
  for (let n = 0; n < RULES; n++) {
    const EventPattern = JSON.stringify({
      source: [n % 2 ? "shop" : { prefix: `shop-${n}` }],
      "detail-type": ["order placed", { suffix: "paid" }],
      detail: {
        shop: [{ "anything-but": `s${n}` }],
        total: [{ numeric: [">", n, "<", 10_000] }],
        note: [{ wildcard: `*${n}*x` }],
      },
    });
    await aws.call("events", "PutRule", { Name: `rule-${n}`, EventPattern }, caller);
  }
  const Detail = JSON.stringify({ shop: "s1", total: 250, note: "199 and x", lines: [{ sku: "a" }, { sku: "b" }] });
  const Entries = Array.from({ length: PER_BATCH }, () => ({ Source: "shop", DetailType: "order placed", Detail }));
  await aws.call("events", "PutEvents", { Entries }, caller);
  const began = performance.now();
  for (let n = 0; n < batches; n++) await aws.call("events", "PutEvents", { Entries }, caller);
  return (batches * PER_BATCH) / ((performance.now() - began) / 1_000);
}

/** Transitions per second of a state machine that counts: a Pass with JSONata, and a Choice. */
export async function transitionsPerSecond(rounds: number): Promise<number> {
  const aws = newAws();
  const definition = {
    QueryLanguage: "JSONata",
    StartAt: "Begin",
    States: {
      Begin: { Type: "Pass", Assign: { n: 0 }, Next: "Count" },
      Count: { Type: "Pass", Assign: { n: "{% $n + 1 %}" }, Next: "Enough" },
      Enough: { Type: "Choice", Choices: [{ Condition: `{% $n >= ${rounds} %}`, Next: "Done" }], Default: "Count" },
      Done: { Type: "Succeed" },
    },
  };
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  await aws.call("iam", "CreateRole", { RoleName: "r", AssumeRolePolicyDocument: JSON.stringify(trust) }, caller);
  const machine = { name: "m", roleArn: `arn:aws:iam::${account}:role/r`, definition: JSON.stringify(definition) };
  const { stateMachineArn } = await aws.call<{ stateMachineArn: string }>(
    "states",
    "CreateStateMachine",
    machine,
    caller,
  );
  const began = performance.now();
  const { executionArn } = await aws.call<{ executionArn: string }>(
    "states",
    "StartExecution",
    { stateMachineArn },
    caller,
  );
  await (aws.clock as VirtualClock).runUntil(START + 1_000);
  const seconds = (performance.now() - began) / 1_000;
  const { status } = await aws.call<{ status: string }>("states", "DescribeExecution", { executionArn }, caller);
  if (status !== "SUCCEEDED") throw new Error(`The execution is ${status}`);
  return (2 + 2 * rounds) / seconds;
}
