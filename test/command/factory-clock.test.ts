// @module-tag deep
import { expect, test } from "vitest";
import { startFactory } from "../world/running-factory.ts";

const DAY = 86_400_000;

test("commands take dates from the factory's clock, not from this machine's", async () => {
  const factory = await startFactory();
  const now = factory.clock.now();
  const yesterday = new Date(now - DAY).toISOString().slice(0, 10);
  const tomorrow = new Date(now + DAY).toISOString().slice(0, 10);
  const waive = (until: string) =>
    factory.amint(
      ...["waive", "CVE-2026-1", "--image", "al2023-base", "--owner", "ada", "--reason", "test", "--until", until],
    ).ended;

  const clock = await factory.amint("local", "clock", "--json").ended;
  const triggers = await factory.amint("triggers", "--json").ended;
  const cost = await factory.amint("cost", "--json").ended;
  const past = await waive(yesterday);
  const future = await waive(tomorrow);

  expect(new Date(now).toISOString()).toMatch(/^2026-0[34]-/);
  expect(JSON.parse(clock.stdout)).toMatchObject({ now: new Date(now).toISOString(), kind: "virtual" });
  expect(JSON.parse(triggers.stdout).from).toBe(new Date(now).toISOString());
  expect(JSON.parse(cost.stdout).month).toBe(new Date(now).toISOString().slice(0, 7));
  expect(past.stderr).toContain(`today is ${new Date(now).toISOString().slice(0, 10)} (UTC)`);
  expect(future).toMatchObject({ code: 0, stderr: "" });
  expect(factory.clock.now()).toBe(now);
});

test("waiting for a build advances a clock that follows real time, up to --timeout of its time", async () => {
  const factory = await startFactory();
  const begun = factory.clock.now();
  const stop = factory.clock.follow();

  const built = await factory.amint("build", "al2023-base", "--wait").ended;
  const tookMs = factory.clock.now() - begun;
  const late = await factory.amint("build", "al2023-base", "--wait", "--timeout", "10m").ended;
  stop();

  expect(built).toMatchObject({
    code: 0,
    stderr: "",
    stdout: expect.stringContaining("succeeded: it is in candidate"),
  });
  expect(tookMs).toBeGreaterThan(20 * 60_000);
  expect(late).toMatchObject({ code: 124, stdout: expect.stringContaining("timeout") });
});
