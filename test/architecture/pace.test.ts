import * as ec2 from "@aws-sdk/client-ec2";
import { EC2Client, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import * as organizations from "@aws-sdk/client-organizations";
import { ListParentsCommand, ListRootsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import type { Context } from "aws-lambda";
import { accountPrincipal, enforcePublishedLimits, inProcessHandler, publishedLimit } from "embedded-aws";
import { recordAws, recordsOf } from "embedded-aws/state";
import { anAws, FACTORY, MANAGEMENT, PRODUCTION, REGION } from "embedded-aws/testing/ec2";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { MAX_ATTEMPTS, Pace } from "../../adapters/pace/pace.ts";
import { publishedRate } from "../../adapters/pace/published-rates.ts";
import { passVirtually } from "../../bench/scale/pass-virtually.ts";
import { makeClient } from "../../functions/invocation.ts";
import { lambda } from "../../functions/lambda.ts";

/** An AWS that enforces published limits, in virtual time, with two ways to make clients of it. */
function limited() {
  const { aws, clock } = anAws();
  enforcePublishedLimits(aws);
  recordAws(aws);
  onTestFinished(passVirtually(clock));
  const pace = new Pace();
  const wire = inProcessHandler(aws);
  const signed: { readonly behind: number }[] = [];
  const requestHandler: typeof wire = {
    ...wire,
    handle: (request) => {
      const [, y, m, d, h, min, s] =
        /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(request.headers["x-amz-date"] ?? "") ?? [];
      const at = Date.UTC(Number(y), Number(m) - 1, Number(d), Number(h), Number(min), Number(s));
      signed.push({ behind: clock.now() - at });
      return wire.handle(request);
    },
  };
  const options = (account: string, region: string) => ({
    region,
    credentials: { accessKeyId: account, secretAccessKey: "any" },
    requestHandler,
    maxAttempts: MAX_ATTEMPTS,
  });
  const plain = (account = FACTORY, region = REGION) => new EC2Client(options(account, region));
  const paced = (account = FACTORY, region = REGION) => {
    const client = plain(account, region);
    pace.apply(client, account);
    return client;
  };
  const began = clock.now();
  return {
    aws,
    pace,
    plain,
    paced,
    signed,
    options,
    passed: () => (clock.now() - began) / 1_000,
    throttled: () =>
      recordsOf(aws)
        .calls.after(0)
        .filter(({ outcome }) => outcome === "RequestLimitExceeded").length,
  };
}

// Refused for the AMI, after it has cost a token.
const share = () =>
  new ModifyImageAttributeCommand({ ImageId: "ami-00000000000000000", Attribute: "launchPermission" });

/** The outcomes of this many concurrent requests. */
async function many(count: number, client: EC2Client): Promise<string[]> {
  const settled = await Promise.allSettled(Array.from({ length: count }, () => client.send(share())));
  return [...new Set(settled.map((one) => (one.status === "rejected" ? String(one.reason.name) : "OK")))];
}

test("requests beyond the bucket's tokens wait, and none is throttled", async () => {
  const { paced, throttled, passed } = limited();

  const names = await many(130, paced());

  expect(names).toEqual(["InvalidAMIID.NotFound"]);
  expect(throttled()).toBe(0);
  // 100 at once, the others five a second.
  expect(passed()).toBeCloseTo(6, 1);
});

test("without the rate limit, the same requests are throttled and some fail", async () => {
  const { plain, throttled } = limited();

  const names = await many(400, plain());

  expect(names).toContain("RequestLimitExceeded");
  expect(throttled()).toBeGreaterThan(300);
});

test("all clients of an account and region share one bucket; other accounts and regions have their own", async () => {
  const { paced, throttled, passed } = limited();

  await Promise.all([many(100, paced()), many(100, paced(PRODUCTION)), many(100, paced(FACTORY, "us-east-1"))]);
  const untilHere = passed();
  await many(10, paced());

  expect(untilHere).toBe(0);
  expect(passed()).toBeCloseTo(2, 1);
  expect(throttled()).toBe(0);
});

test("tokens that other callers used are noticed once, and waited for", async () => {
  const { aws, paced, throttled } = limited();
  const caller = { principal: accountPrincipal(FACTORY), region: REGION };
  const input = { ImageId: "ami-00000000000000000", Attribute: "launchPermission" };
  const others = Array.from({ length: 98 }, () => aws.call("ec2", "ModifyImageAttribute", input, caller));
  await Promise.allSettled(others);
  const client = paced();

  const first = await many(3, client);
  const once = throttled();
  const rest = await many(50, client);

  expect([first, rest]).toEqual([["InvalidAMIID.NotFound"], ["InvalidAMIID.NotFound"]]);
  expect(once).toBe(1);
  expect(throttled()).toBe(once);
});

test("an exhausted rate stays cached while thousands of other accounts are added and evicted", async () => {
  const { paced, passed, throttled } = limited();
  const comeAndGo = (first: number) =>
    Promise.all(Array.from({ length: 600 }, (_, nth) => many(1, paced(String(first + nth)))));
  await comeAndGo(300_000_000_000);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  await many(100, paced());

  await comeAndGo(400_000_000_000);
  await many(10, paced());

  expect(passed()).toBeCloseTo(62, 1);
  expect(throttled()).toBe(0);
});

test("a request is signed after its wait", async () => {
  const { paced, signed } = limited();

  await many(200, paced());

  expect(signed).toHaveLength(200);
  expect(Math.max(...signed.map(({ behind }) => behind))).toBeLessThan(1_000);
});

test("a token due after the invocation's end is refused at once, and the error names the rate", async () => {
  const { pace, paced, passed, throttled } = limited();
  pace.endAt(Date.now() + 5_000);

  const names = await many(130, paced());
  pace.endAt(Date.now());
  const refused = await paced()
    .send(share())
    .catch((error) => error);

  expect(names).toEqual(["InvalidAMIID.NotFound", "Throttled"]);
  expect(refused).toMatchObject({ name: "Throttled" });
  expect(refused.message).toMatch(
    /^EC2 ModifyImageAttribute in 111122223333 in eu-west-1 must wait \d seconds by AWS's published rate, longer than this invocation has left; a retry continues\.$/,
  );
  expect(passed()).toBeLessThan(5);
  expect(throttled()).toBe(0);
});

test("Organizations, which has one endpoint, is paced as one whatever region a client names", async () => {
  const { aws, pace, options, passed } = limited();
  const clients = ["us-east-1", "eu-west-1"].map((region) => new OrganizationsClient(options(MANAGEMENT, region)));
  for (const client of clients) pace.apply(client, MANAGEMENT);
  const ask = (client: OrganizationsClient) => client.send(new ListParentsCommand({ ChildId: FACTORY }));

  for (let n = 0; n < 9; n++) await Promise.all(clients.map(ask));

  expect(passed()).toBeCloseTo(2, 1);
  const outcomes = recordsOf(aws)
    .calls.after(0)
    .map(({ outcome }) => outcome);
  expect(outcomes).toEqual(Array.from({ length: 18 }, () => "OK"));
});

beforeEach(() => {
  const env = { FACTORY_ACCOUNT: MANAGEMENT, PARTITION: "aws", LEDGER_TABLE: "ledger", BUS_NAME: "bus" };
  for (const [name, value] of Object.entries({ ...env, AWS_REGION: "us-east-1" })) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

/** Organizations allows a burst of two ListRoots, then one per second. */
function listsRoots() {
  const { aws } = anAws();
  enforcePublishedLimits(aws);
  const credentials = { accessKeyId: MANAGEMENT, secretAccessKey: "any" };
  const requestHandler = inProcessHandler(aws);
  const organizations = makeClient(OrganizationsClient, { credentials, requestHandler });
  return lambda({
    input: z.object({ times: z.int() }),
    async run({ times }) {
      for (let n = 0; n < times; n++) await organizations.send(new ListRootsCommand({}));
      return times;
    },
  });
}

const leaving = (ms: number) =>
  ({ getRemainingTimeInMillis: () => ms, functionName: "f", awsRequestId: "r" }) as unknown as Context;

test("an invocation that AWS's rates leave no time ends at once with an error that the state machine retries", async () => {
  const handler = listsRoots();
  const began = performance.now();

  const hurried = handler({ times: 4 }, leaving(900));

  await expect(hurried).rejects.toMatchObject({ name: "Throttled" });
  expect(performance.now() - began).toBeLessThan(900);
});

test("the next invocation in the same environment has its own deadline", async () => {
  const handler = listsRoots();
  await handler({ times: 3 }, leaving(100)).catch(() => undefined);

  const unhurried = handler({ times: 1 }, leaving(60_000));

  await expect(unhurried).resolves.toBe(1);
});

const operationsOf = (client: object): string[] =>
  Object.keys(client).flatMap((name) => (/^[A-Z]\w+Command$/.test(name) ? [name.replace(/Command$/, "")] : []));

const inputs: readonly Record<string, unknown>[] = [
  {},
  { MaxResults: 100 },
  { NextToken: "next" },
  { Filters: [{ Name: "image-id", Values: ["ami-00000000000000000"] }] },
];

/** Two statements of the same pages, made apart. */
test.each([
  ["EC2", "ec2", ec2, 600],
  ["Organizations", "organizations", organizations, 50],
] as const)("we keep to what the embedded AWS enforces, for each action of %s", (service, name, client, atLeast) => {
  const operations = operationsOf(client);
  const cases = operations.flatMap((operation) => inputs.map((input) => ({ operation, input })));

  const ours = cases.map(({ operation, input }) => {
    const { burst, perSecond } = publishedRate(service, operation, input) ?? {};
    return { operation, input, burst, perSecond };
  });

  const theirs = cases.map(({ operation, input }) => {
    const { burst, perSecond } = publishedLimit(name, operation, input)?.account ?? {};
    return { operation, input, burst, perSecond };
  });
  expect(operations.length).toBeGreaterThan(atLeast);
  expect(ours).toEqual(theirs);
});

test("operations without a published rate have no limit", () => {
  expect(publishedRate("DynamoDB", "GetItem", {})).toBeUndefined();
  expect(publishedRate("Organizations", "constructor", {})).toBeUndefined();
});
