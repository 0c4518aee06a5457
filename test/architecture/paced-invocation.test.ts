import { ListRootsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import type { Context } from "aws-lambda";
import { enforcePublishedLimits, inProcessHandler } from "embedded-aws";
import { anAws, MANAGEMENT } from "embedded-aws/testing/ec2";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { lambda } from "../../functions/lambda.ts";
import { makeClient } from "../../functions/step.ts";

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
