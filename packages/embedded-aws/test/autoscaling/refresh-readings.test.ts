import { describe, expect, test } from "vitest";
import type { AutoScalingReadings } from "../../src/services/autoscaling/readings.ts";
import { codeOf } from "../expect-refusal.ts";
import { allow } from "../policy.ts";
import { aGroup, HOUR, MINUTE, NAME, refreshWorld } from "./refresh-world.ts";

const named = { AutoScalingGroupName: NAME };
const template = (Version: string) => ({ LaunchTemplateName: NAME, Version });
const watching = { AlarmSpecification: { Alarms: ["errors"] } };

/** How a refresh ends that was asked for, or the code of its refusal. */
async function outcomeOf({ pass, refresh }: Awaited<ReturnType<typeof refreshWorld>>, starting: Promise<unknown>) {
  const refused = await codeOf(starting);
  await pass(HOUR);
  return refused ?? (await refresh()).Status;
}

/** The same history under each reading, and how it ends. */
const under = <One extends keyof AutoScalingReadings>(name: One, value: AutoScalingReadings[One]) =>
  refreshWorld({ [name]: value });

describe("each reading of what AWS does not document shows", () => {
  test.each([
    ["desired", "11122"],
    ["own", "11112"],
  ] as const)("scaleOutDuringRefresh: a scale-out launches the %s configuration", async (value, versions) => {
    const world = await under("scaleOutDuringRefresh", value);
    await world.create();
    await world.start({ CheckpointPercentages: [25, 100], CheckpointDelay: HOUR });
    await world.pass(10 * MINUTE);
    await world.autoScaling("SetDesiredCapacity", { ...named, DesiredCapacity: 5 });
    await world.pass(5 * MINUTE);

    expect(await world.versions()).toBe(versions);
    await world.pass(3 * HOUR);
    expect([(await world.refresh()).Status, await world.versions()]).toEqual(["Successful", "22222"]);
  });

  test.each([
    ["desired", "2"],
    ["kept", "$Latest"],
  ] as const)("versionAfterRefresh %s: a group that said $Latest", async (value, version) => {
    const { create, start, pass, group } = await under("versionAfterRefresh", value);
    await create({ LaunchTemplate: template("$Latest") });
    await start();
    await pass(HOUR);

    expect((await group()).LaunchTemplate?.Version).toBe(version);
  });

  test.each([
    ["accepted", "RollbackSuccessful"],
    ["refused", "Successful"],
  ] as const)("rollbackWhileBaking %s", async (value, status) => {
    const { create, start, pass, autoScaling, refresh } = await under("rollbackWhileBaking", value);
    await create();
    await start({ BakeTime: HOUR });
    await pass(30 * MINUTE);
    const refused = await codeOf(autoScaling("RollbackInstanceRefresh", named));

    expect(refused).toBe(value === "accepted" ? undefined : "ActiveInstanceRefreshNotFoundFault");
    await pass(2 * HOUR);
    expect((await refresh()).Status).toBe(status);
  });

  test.each([
    ["watched", "Failed"],
    ["ignored", "Successful"],
  ] as const)("alarmsWhileBaking %s", async (value, status) => {
    const { create, start, pass, alarm, refresh } = await under("alarmsWhileBaking", value);
    await create();
    await alarm("errors");
    await start({ ...watching, BakeTime: HOUR });
    await pass(30 * MINUTE);
    await alarm("errors", "ALARM");
    await pass(2 * HOUR);

    expect((await refresh()).Status).toBe(status);
  });

  test.each([
    ["fails", "Failed"],
    ["refused", "ValidationError"],
    ["ignored", "Successful"],
  ] as const)("alarmAtStart %s", async (value, outcome) => {
    const world = await under("alarmAtStart", value);
    await world.create();
    await world.alarm("errors");
    await world.alarm("errors", "ALARM");

    expect(await outcomeOf(world, world.start(watching))).toBe(outcome);
  });

  test.each([
    ["refused", "ValidationError"],
    ["ignored", "Successful"],
  ] as const)("missingAlarm %s", async (value, outcome) => {
    const world = await under("missingAlarm", value);
    await world.create();

    expect(await outcomeOf(world, world.start(watching))).toBe(outcome);
  });

  test.each([
    ["checked", "AccessDenied"],
    ["unchecked", undefined],
  ] as const)("templateCheck: the right to launch is %s", async (value, outcome) => {
    const { create, as, role } = await under("templateCheck", value);
    await create();
    const starter = as("autoscaling", await role("starter", allow("autoscaling:*")));
    const DesiredConfiguration = { LaunchTemplate: template("2") };

    expect(await codeOf(starter("StartInstanceRefresh", { ...named, DesiredConfiguration }))).toBe(outcome);
  });

  test.each([
    ["rolling", "Successful"],
    ["refused", "ValidationError"],
  ] as const)("overrideImages %s", async (value, outcome) => {
    const world = await under("overrideImages", value);
    const policy = (ImageId?: string) => ({
      LaunchTemplate: {
        LaunchTemplateSpecification: template("1"),
        Overrides: [{ InstanceType: "t3.small" as const, ImageId }],
      },
    });
    await world.create({ MixedInstancesPolicy: policy() });
    const DesiredConfiguration = { MixedInstancesPolicy: policy(world.newImage) };

    expect(await outcomeOf(world, world.start({}, { DesiredConfiguration }))).toBe(outcome);
  });

  test.each([
    ["terminate-first", 3, 4],
    ["launch-first", 4, 5],
  ] as const)(
    "smallGroups %s: a group of four that keeps 90 % has from %i to %i in service",
    async (value, least, most) => {
      const { create, start, pass, group, refresh } = await under("smallGroups", value);
      await create();
      await start({ MinHealthyPercentage: 90 });
      const counts: number[] = [];
      for (let second = 0; second < 20 * MINUTE; second += 5) {
        await pass(5);
        const { Instances = [] } = await group();
        counts.push(Instances.filter(({ LifecycleState }) => LifecycleState === "InService").length);
      }

      expect([Math.min(...counts), Math.max(...counts)]).toEqual([least, most]);
      expect((await refresh()).Status).toBe("Successful");
    },
  );

  test.each([
    ["no-delay", "Successful"],
    ["delay", "InProgress"],
  ] as const)("lastCheckpoint %s", async (value, status) => {
    const { create, start, pass, refresh } = await under("lastCheckpoint", value);
    await create();
    await start({ CheckpointPercentages: [100], CheckpointDelay: HOUR });
    await pass(HOUR);

    expect(await refresh()).toMatchObject({ Status: status, PercentageComplete: 100 });
    await pass(HOUR);
    expect((await refresh()).Status).toBe("Successful");
  });
});

test("a rollback can be cancelled, and a group that is deleted ends its refresh", async () => {
  const { start, pass, autoScaling, refresh, told } = await aGroup();
  await start();
  await pass(3 * MINUTE);
  await autoScaling("RollbackInstanceRefresh", named);
  await autoScaling("CancelInstanceRefresh", named);
  await pass(5 * MINUTE);
  const cancelled = await refresh();
  await start();
  await pass(MINUTE);
  await autoScaling("DeleteAutoScalingGroup", { ...named, ForceDelete: true });

  expect(cancelled.Status).toBe("Cancelled");
  expect((await refresh()).Status).toBe("Cancelled");
  expect(told).toEqual(["Started", "Rollback Started", "Cancelled", "Started", "Cancelled"]);
});
