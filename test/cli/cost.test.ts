import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CostLine } from "../../core/cost/estimate.ts";
import { type FactoryOnAPort, HOUR, startFactory } from "./running-factory.ts";

const SLOW = { timeout: 300_000 };

async function printed(factory: FactoryOnAPort, ...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await factory.amint(...args).ended;
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

test("amint cost says what a month's builds, storage and promotions cost, and what it leaves out", SLOW, async () => {
  const factory = await startFactory();
  await factory.send("start-build", { trigger: "manual", image: "ubuntu-2404-base", requestedBy: "ada" });
  await factory.clock.runUntil(factory.clock.now() + 3 * HOUR);

  const text = await printed(factory, "cost", "--month", "2026-04");
  const json = JSON.parse(await printed(factory, "cost", "--month", "2026-04", "--json"));

  console.log(text, JSON.stringify(json, null, 1));
});
