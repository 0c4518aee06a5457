import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { accountPrincipal, createAws, Profile, VirtualClock, type WorkTime } from "../../aws.ts";
import { profiled } from "../../src/engine/profile.ts";

const BEGIN = Date.UTC(2026, 3, 1, 8);
const caller = { principal: accountPrincipal("111122223333"), region: "eu-west-1" };

const busy = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

const timeOf = (spent: readonly WorkTime[], name: string) => spent.filter((one) => one.name === name);

test("time is attributed to the work that awaited it, by day of factory time, and calls are counted", async () => {
  const clock = new VirtualClock(BEGIN);
  const aws = createAws({ clock });
  await aws.call("sts", "GetCallerIdentity", {}, caller);
  const profile = new Profile(() => clock.now());
  const answer = profiled(
    "function",
    () => "answer",
    async () => {
      busy(5);
      await setImmediate();
      busy(5);
      await aws.call("sts", "GetCallerIdentity", {}, caller);
      await profiled(
        "operation",
        () => "slow",
        async () => busy(20),
      );
    },
  );

  await answer;
  await clock.runUntil(BEGIN + 86_400_000);
  await aws.call("sts", "GetCallerIdentity", {}, caller);
  const { ms, spent } = profile.stop();

  const days = timeOf(spent, "sts:GetCallerIdentity").map(({ day, begun, kind }) => ({ day, begun, kind }));
  expect(days.toSorted((one, other) => one.day - other.day)).toEqual([
    { day: Date.UTC(2026, 3, 1), begun: 1, kind: "operation" },
    { day: Date.UTC(2026, 3, 2), begun: 1, kind: "operation" },
  ]);
  const [own] = timeOf(spent, "answer");
  const [slow] = timeOf(spent, "slow");
  expect(own?.ms).toBeGreaterThanOrEqual(10);
  expect(slow?.ms).toBeGreaterThanOrEqual(20);
  expect(own?.begun).toBe(1);
  expect(spent.reduce((sum, one) => sum + one.ms, 0)).toBeCloseTo(ms, -1);
});

test("one profile runs at a time, and after its end nothing is attributed", async () => {
  const profile = new Profile(() => BEGIN);
  expect(() => new Profile(() => BEGIN)).toThrow("Another profile is running.");
  profile.stop();

  await profiled(
    "operation",
    () => "later",
    async () => busy(1),
  );
  expect(timeOf(profile.stop().spent, "later")).toEqual([]);
});
