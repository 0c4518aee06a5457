// @module-tag deep

import { type FaultPlan, injectFaults } from "embedded-aws/faults";
import { expect, test } from "vitest";
import { requests } from "../../demo/story.ts";
import { BEGIN, DAY, MINUTE } from "../world/time.ts";
import { liveThrough, troubles } from "./faults.ts";
import { type InProcessFactory, liveUntilDay, startInProcess } from "./in-process.ts";

interface Lived {
  readonly log: string;
  readonly said: readonly string[];
}

async function live(
  days: (factory: InProcessFactory) => Promise<void>,
  given: Parameters<typeof startInProcess>[1] = {},
): Promise<Lived> {
  const factory = await startInProcess(undefined, given);
  try {
    await days(factory);
    return { log: factory.log.join("\n"), said: factory.events.map(({ detailType }) => detailType) };
  } finally {
    await factory.close();
  }
}

async function fourDays(factory: InProcessFactory): Promise<void> {
  await factory.request("al2023-base");
  await factory.request("ubuntu-2404-base");
  await liveUntilDay(factory, 4);
}

/** A requester repeats a request that failed; Lambda does not. */
async function requestUntilAnswered(factory: InProcessFactory, image: string, tries = 5): Promise<void> {
  await factory.request(image).catch((error: unknown) => {
    if (tries === 1) throw error;
    return requestUntilAnswered(factory, image, tries - 1);
  });
}

/** The month's first week, with the builds requested in it. @param plan the faults during it */
const week = (plan?: FaultPlan) => async (factory: InProcessFactory) => {
  // The deployment's last work, stacks in consumers' accounts, is not in question here.
  await factory.clock.runUntil(BEGIN + 5 * MINUTE);
  if (plan) injectFaults(factory.booted.aws, plan);
  for (const { at, image } of requests.filter((one) => one.at < BEGIN + 7 * DAY)) {
    await factory.clock.runUntil(at);
    await requestUntilAnswered(factory, image);
  }
  await liveUntilDay(factory, 7);
};

test("the same days in process are the same to the last byte", async () => {
  const first = await live(fourDays);

  const second = await live(fourDays);

  expect(first.said).toContain("channel.moved");
  expect(first.said).not.toContain("promotion.failed");
  expect(first.said).not.toContain("drift.repaired");
  expect(second.log).toBe(first.log);
});

test("functions in workers put the same events as functions in this thread", async () => {
  const here = await live(fourDays);

  const inWorkers = await live(fourDays, { functions: "workers", port: 0 });

  expect(here.said).toContain("channel.moved");
  expect(inWorkers.said.toSorted()).toEqual(here.said.toSorted());
});

test("a week under the same faults is the same to the last byte", async () => {
  const undisturbed = await live(week());

  const first = await live(week(troubles(99)));
  const second = await live(week(troubles(99)));

  expect(undisturbed.said).toContain("channel.moved");
  expect(first.log).not.toBe(undisturbed.log);
  expect(second.log).toBe(first.log);
});

test("the same faults give the same days, to the last byte", async () => {
  const plan = troubles(99);

  const first = await liveThrough(plan);
  const second = await liveThrough(plan);

  expect(second.log.join("\n")).toBe(first.log.join("\n"));
});
