import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { readImageState } from "../../adapters/build/image-state.ts";
import { keyOf } from "../../core/ledger/kinds.ts";
import { liveUntilDay, startInProcess } from "../whole/in-process.ts";
import { HOUR } from "../world/time.ts";
import { watchReconcile } from "./reconcile-calls.ts";
import { image, openRepairTrail, type RepairTrail } from "./repair-trail.ts";

/** Copies of the existing build, as many as needed. */
async function addBuilds(trail: RepairTrail, count: number): Promise<void> {
  const { documents, table } = trail.ledger;
  const [known] = (await readImageState(trail.ledger, image)).builds;
  for (let n = 2; n <= count; n++) {
    const build = String(known?.build).replace(/\/1$/, `/${n}`);
    const key = keyOf("build", { image, build });
    await documents.send(new PutCommand({ TableName: table, Item: { ...known, build, status: "failed", ...key } }));
  }
}

test("an hour in which nothing happens costs at most twelve requests to the ledger, with ten builds or a hundred", async () => {
  const trail = await openRepairTrail(1);
  await addBuilds(trail, 10);
  await trail.pass(3);
  const hour = async () => {
    const calls = watchReconcile(trail);
    await trail.pass(1);
    return { queries: calls.queries(), others: calls.others() };
  };
  const withTen = await hour();
  await addBuilds(trail, 100);
  const withHundred = await hour();

  expect(withTen.queries).toBeGreaterThan(0);
  expect(withTen.queries).toBeLessThanOrEqual(12);
  expect(withHundred).toEqual(withTen);
  // Where no promotion is under way, nothing else is asked.
  expect(withTen.others.filter((call) => call !== "states:ListExecutions")).toEqual([]);
});

test("an hour in which nothing is open costs one request to the ledger, and none elsewhere", async () => {
  const factory = await startInProcess();
  try {
    // Those that wait for an approval, which expires after three days, are published in their first channel only.
    for (const image of ["al2023-base", "ubuntu-2404-base", "al2023-node"]) await factory.request(image);
    await liveUntilDay(factory, 12.3);
    const calls = watchReconcile({ factory });
    await factory.clock.runUntil(factory.clock.now() + HOUR);

    expect(calls.queries()).toBe(1);
    expect(calls.others()).toEqual([]);
  } finally {
    await factory.close();
  }
});
