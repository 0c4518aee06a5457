// @module-tag deep
import { expect, onTestFinished, test } from "vitest";
import { amint, freePort } from "./amint.ts";

const DAY = 86_400_000;

test("time passes up to the one asked for in a freshly deployed factory, whose builds and approvals always wait for something", async () => {
  const port = await freePort();
  const running = amint("start", "--clock", "virtual", "--port", port);
  onTestFinished(async () => {
    running.child.kill("SIGINT");
    await running.ended;
  });
  await running.listening();
  await amint("deploy", "--port", port).ended;
  const { stdout: now } = await amint("clock", "--port", port).ended;
  const until = new Date(Date.parse(now.slice(0, 24)) + 2 * DAY).toISOString();

  const passed = await amint("clock", "--port", port, "--until", until).ended;

  expect(passed).toEqual({ code: 0, stderr: "", stdout: `${until} (virtual)\n` });
});
