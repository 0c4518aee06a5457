import { expect, test } from "vitest";
import { monthOfInstances } from "../../demo/instances.ts";
import { deployed } from "../world/deployed.ts";
import { HOUR, MINUTE } from "../world/time.ts";
import { drawn, statusOf } from "./life.ts";

test("look", async () => {
  const t0 = performance.now();
  const took = (what: string) => console.log(what, Math.round(performance.now() - t0));
  const running = await deployed({
    functions: "in-process",
    plan: {
      ...monthOfInstances,
      step: (step) =>
        step.step === "InstallCloudWatchAgent" && step.image.endsWith("ubuntu-2404-base") && step.build > 1
          ? { exitCode: 22, stderr: "curl: (22) The requested URL returned error: 503" }
          : monthOfInstances.step?.(step),
    },
  });
  took("booted");
  console.log(drawn(await statusOf(running)));
  await running.request("al2023-base");
  await running.request("ubuntu-2404-base");
  await running.pass(20 * MINUTE);
  console.log(drawn(await statusOf(running)));
  await running.pass(8 * HOUR);
  console.log(drawn(await statusOf(running)));
  took("9h");
  await running.pass(20 * HOUR);
  console.log(drawn(await statusOf(running)));
  await running.request("ubuntu-2404-base", "grace");
  await running.pass(6 * HOUR);
  console.log(drawn(await statusOf(running)));
  console.log(JSON.stringify(await statusOf(running), null, 1).slice(0, 6000));
  took("end");
  expect(1).toBe(1);
});
