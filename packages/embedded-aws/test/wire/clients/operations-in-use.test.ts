import { expect, test } from "vitest";
import { FACTORY_CALLS } from "../factory-calls.ts";
import { builtOperations, type OperationInUse } from "./operations-in-use.ts";

/**
 * Clients put `sync-` before the endpoint's host, which not all have an option against: on a laptop no such host exists. The SDK
 * calls it in test/states/express.test.ts.
 */
const elsewhere = ["states:StartSyncExecution"];
const tabled = new Set([...FACTORY_CALLS.map(({ call }) => call), ...elsewhere]);
const untabled = (all: readonly OperationInUse[]) =>
  all.filter(({ call }) => !tabled.has(call)).map(({ call, by }) => `${call} (${by}) has no call in clients/calls/`);

test("every operation that is built is called through every client", async () => {
  expect(untabled(await builtOperations())).toEqual([]);
});

test("every service refuses something in the table", async () => {
  const refusing = new Set(FACTORY_CALLS.filter(({ refused }) => refused).map(({ call }) => call.split(":")[0]));
  const services = new Set((await builtOperations()).map(({ call }) => call.split(":")[0]));

  expect([...services].filter((service) => !refusing.has(service))).toEqual([]);
});
