// @module-tag deep
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "embedded-aws";
import { setInterference, undisturbed } from "embedded-aws/faults";
import type { InstancePlan } from "embedded-aws/instances";
import { expect, test } from "vitest";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { monthOfInstances } from "../../demo/instances.ts";
import sample from "../../events/samples/drift.found.json" with { type: "json" };
import factory from "../../factory.config.ts";
import type { RunningFactory } from "../../local/boot/boot-factory.ts";
import { putOnCall } from "../whole/grants/on-call.ts";
import { liveUntilDay } from "../whole/in-process.ts";
import { deployed } from "../world/deployed.ts";
import { BEGIN, DAY, HOUR } from "../world/time.ts";

const image = "ubuntu-2404-base";

/** The checked-in blueprint, whose alarm on one image's age goes off after two days instead of forty. */
async function impatientBlueprint() {
  const blueprint = await readBlueprint();
  const resources = blueprint.resources.map((one) =>
    one.inputs.name === `amint-acme-${image}-stale` ? { ...one, inputs: { ...one.inputs, threshold: 2 } } : one,
  );
  expect(resources).not.toEqual(blueprint.resources);
  return { ...blueprint, resources };
}

/** Notices about an image, by the day since the beginning. */
async function told({ options }: RunningFactory, MetricName: string, more: Record<string, string> = {}) {
  const dimensions = { factory: factory.name, image, ...more };
  const { Datapoints = [] } = await new CloudWatchClient(options).send(
    new GetMetricStatisticsCommand({
      Namespace: "Amint",
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(BEGIN),
      EndTime: new Date(BEGIN + 20 * DAY),
      Period: 86_400,
      Statistics: ["Minimum", "Maximum", "Sum"],
    }),
  );
  return Datapoints.toSorted((a, b) => Number(a.Timestamp) - Number(b.Timestamp));
}

test("a stale image, and an image that nothing rebuilds, are reported, and also when that is over", async () => {
  let broken = false;
  const plan: InstancePlan = {
    ...monthOfInstances,
    step: (context) =>
      broken && context.image.endsWith(image)
        ? { exitCode: 1, stderr: "no space left" }
        : monthOfInstances.step?.(context),
  };
  const blueprint = await impatientBlueprint();
  const running = await deployed({ blueprint, plan });
  const readSubjects = await putOnCall(running);
  const heard: string[][] = [];
  /** Alarms until a day, without the initial transitions to OK. */
  const untilDay = async (day: number) => {
    await liveUntilDay(running, day);
    const alarms = (await readSubjects()).flatMap((subject) => /^(?:ALARM|OK): ".+?"/.exec(subject) ?? []);
    heard.push(heard.length === 0 ? alarms.filter((one) => one.startsWith("ALARM")) : alarms);
  };

  await running.request(image);
  await untilDay(1);
  broken = true;
  for (let n = 0; n < 3; n++) {
    await running.request(image);
    await running.clock.runUntil(running.clock.now() + 3 * HOUR);
  }
  await untilDay(1.5);
  await untilDay(3);
  broken = false;
  await running.request(image);
  await untilDay(3.5);

  expect(heard).toEqual([
    [],
    [`ALARM: "amint-acme-${image}-breaker-open"`],
    [`ALARM: "amint-acme-${image}-stale"`],
    [`OK: "amint-acme-${image}-breaker-open"`, `OK: "amint-acme-${image}-stale"`],
  ]);
  const days = (await told(running, "DaysSincePatch")).map(({ Maximum = 0 }) => Maximum);
  expect(days.map((one) => Math.floor(one))).toEqual([0, 1, 2, 3]);
  expect((await told(running, "BuildsAvailable")).map(({ Sum }) => Sum)).toEqual([1, 1]);
  expect((await told(running, "BuildsFailed")).map(({ Sum }) => Sum)).toEqual([3]);
  expect((await told(running, "BuildDuration")).every(({ Minimum = 0 }) => Minimum > 600)).toBe(true);
  expect(await told(running, "FindingsLeft", { severity: "high" })).toHaveLength(2);
  expect((await told(running, "PromotedBuildAge", { channel: "candidate" })).at(2)?.Maximum).toBeGreaterThan(172_800);
});

test("repeated failures to deliver notices are reported", async () => {
  const running = await deployed();
  const readSubjects = await putOnCall(running);
  await running.clock.runUntil(BEGIN + HOUR);
  await readSubjects();
  // SNS lets only CloudWatch publish.
  setInterference(running.booted.aws, {
    ...undisturbed,
    operation: ({ service, operation, call }, carryOut) =>
      service === "sns" && operation === "Publish" && call.principal.kind !== "service"
        ? Promise.reject(new AwsError("AuthorizationError", "A policy says no.", { status: 403 }))
        : carryOut(),
  });

  await running.send("notify", sample.event);
  await running.clock.runUntil(BEGIN + 2 * HOUR);

  const alarms = (await readSubjects()).flatMap((subject) => /^(?:ALARM|OK): "(.+?)"/.exec(subject)?.[1] ?? []);
  expect(alarms).toContain("amint-acme-notices-failed");
});
