import { describe, expect, test } from "vitest";
import { simulateFleet } from "../../src/services/autoscaling/fleet.ts";
import { AUTO_SCALING_READINGS } from "../../src/services/autoscaling/readings.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { aGroup, HOUR, MINUTE, NAME, refreshWorld } from "./refresh-world.ts";

test("a refresh replaces every instance, and only then the group's settings change", async () => {
  const { start, refresh, versions, group, pass, ec2, newImage, told } = await aGroup();

  await start();
  const begun = await refresh();
  await pass(2 * MINUTE);
  const during = { refresh: await refresh(), group: await group() };
  await pass(20 * MINUTE);

  expect(begun).toMatchObject({ Status: "Pending", PercentageComplete: 0, InstancesToUpdate: 4, Strategy: "Rolling" });
  expect(during.refresh).toMatchObject({ Status: "InProgress", PercentageComplete: 25, InstancesToUpdate: 3 });
  expect(during.group.LaunchTemplate?.Version).toBe("1");
  expect(await refresh()).toMatchObject({ Status: "Successful", PercentageComplete: 100, InstancesToUpdate: 0 });
  expect((await group()).LaunchTemplate?.Version).toBe("2");
  expect(await versions()).toBe("2222");
  expect(told).toEqual(["Started", "Succeeded"]);
  const { Reservations = [] } = await ec2<{ Reservations?: { Instances?: object[] }[] }>("DescribeInstances", {
    Filters: [
      { Name: "tag:aws:autoscaling:groupName", Values: [NAME] },
      { Name: "image-id", Values: [newImage] },
      { Name: "instance-state-name", Values: ["running"] },
    ],
  });
  expect(Reservations.flatMap(({ Instances = [] }) => Instances)).toHaveLength(4);
});

test.each([
  { min: 100, most: 2, least: 1 },
  { min: 90, most: 1, least: 0 },
])("a group of one that keeps $min % has from $least to $most instances in service", async ({ min, most, least }) => {
  const { create, start, refresh, group, pass } = await refreshWorld();
  await create({ DesiredCapacity: 1 });
  await start({ MinHealthyPercentage: min });
  const counts: number[] = [];
  for (let second = 0; second < 300; second += 5) {
    await pass(5);
    const { Instances = [] } = await group();
    counts.push(Instances.filter(({ LifecycleState }) => LifecycleState === "InService").length);
  }

  expect({ most: Math.max(...counts), least: Math.min(...counts) }).toEqual({ most, least });
  expect((await refresh()).Status).toBe("Successful");
});

test("checkpoints hold it; of several that are reached at once the last is announced", async () => {
  const { create, start, refresh, pass, told } = await refreshWorld();
  await create({ DesiredCapacity: 2 });

  await start({ CheckpointPercentages: [10, 40, 100], CheckpointDelay: HOUR, MinHealthyPercentage: 50 });
  await pass(30 * MINUTE);
  const held = await refresh();
  await pass(HOUR);

  expect(held).toMatchObject({ Status: "InProgress", PercentageComplete: 50 });
  expect(await refresh()).toMatchObject({ Status: "Successful", PercentageComplete: 100 });
  expect(told).toEqual(["Started", "Checkpoint Reached 40", "Checkpoint Reached 100", "Succeeded"]);
});

test("checkpoints that end below 100 leave the rest as it is", async () => {
  const { start, refresh, pass, versions } = await aGroup();

  await start({ CheckpointPercentages: [25, 50], CheckpointDelay: 0, MinHealthyPercentage: 50 });
  await pass(HOUR);

  expect(await refresh()).toMatchObject({ Status: "Successful", PercentageComplete: 50, InstancesToUpdate: 2 });
  expect(await versions()).toBe("1122");
});

test("without bake time a refresh ends; with it an alarm still fails it, and the mix of settings stays", async () => {
  const { start, refresh, pass, alarm, group, versions, told } = await aGroup();
  await alarm("errors");

  await start({ BakeTime: 2 * HOUR, AlarmSpecification: { Alarms: ["errors"] }, MinHealthyPercentage: 50 });
  await pass(HOUR);
  const baking = await refresh();
  await alarm("errors", "ALARM");
  await pass(MINUTE);

  expect(baking).toMatchObject({ Status: "Baking", PercentageComplete: 100 });
  expect(await refresh()).toMatchObject({ Status: "Failed", StatusReason: expect.stringContaining("errors") });
  expect((await group()).LaunchTemplate?.Version).toBe("1");
  expect(await versions()).toBe("2222");
  expect(told).toEqual(["Started", "Started Baking", "Failed"]);
});

test("with AutoRollback an alarm brings the old instances back, and the percentage runs backwards", async () => {
  const { start, refresh, pass, alarm, group, versions, told } = await aGroup();
  await alarm("errors");

  await start({ AutoRollback: true, AlarmSpecification: { Alarms: ["errors"] } });
  await pass(3 * MINUTE + 30);
  const before = await refresh();
  await alarm("errors", "ALARM");
  const percents: number[] = [];
  for (let minute = 0; minute < 10; minute++) {
    await pass(MINUTE);
    percents.push((await refresh()).PercentageComplete ?? -1);
  }

  expect(before).toMatchObject({ Status: "InProgress", PercentageComplete: 50 });
  expect(percents.toSorted((a, b) => b - a)).toEqual(percents);
  expect(await refresh()).toMatchObject({
    Status: "RollbackSuccessful",
    PercentageComplete: 0,
    RollbackDetails: {
      RollbackReason: expect.stringContaining("errors"),
      PercentageCompleteOnRollback: 50,
      InstancesToUpdateOnRollback: 2,
    },
  });
  expect(await versions()).toBe("1111");
  expect((await group()).LaunchTemplate?.Version).toBe("1");
  expect(told).toEqual(["Started", "Rollback Started", "Rollback Succeeded"]);
});

test("instances that do not become healthy fail it after an hour without progress", async () => {
  const { aws, create, start, refresh, pass, newImage, versions, told } = await refreshWorld();
  simulateFleet(aws, { health: ({ imageId }) => ({ healthy: imageId !== newImage, after: 30 }) });
  await create();

  await start();
  await pass(59 * MINUTE);
  const trying = await refresh();
  await pass(3 * MINUTE);

  expect(trying).toMatchObject({ Status: "InProgress", PercentageComplete: 0 });
  expect(await refresh()).toMatchObject({ Status: "Failed", StatusReason: expect.stringContaining("one hour") });
  await pass(10 * MINUTE);
  expect(await versions()).toBe("1111");
  expect(told).toEqual(["Started", "Failed"]);
});

test("a failing health check of a load balancer counts only in groups that heed it", async () => {
  const outcomes: unknown[] = [];
  for (const HealthCheckType of ["EC2", "ELB"]) {
    const { aws, create, start, refresh, pass, newImage } = await refreshWorld();
    simulateFleet(aws, { health: ({ imageId }) => ({ healthy: imageId !== newImage, check: "ELB" }) });
    await create({ HealthCheckType, HealthCheckGracePeriod: 30 });
    await start();
    await pass(2 * HOUR);
    outcomes.push((await refresh()).Status);
  }
  expect(outcomes).toEqual(["Successful", "Failed"]);
});

test("a cancelled refresh leaves the mix, and the next launch is of the group's own configuration", async () => {
  const { start, refresh, pass, versions, autoScaling, told } = await aGroup();
  await start();
  await pass(2 * MINUTE);

  await autoScaling("CancelInstanceRefresh", { AutoScalingGroupName: NAME });
  const cancelling = (await refresh()).Status;
  await pass(3 * MINUTE);
  const mix = await versions();
  await autoScaling("SetDesiredCapacity", { AutoScalingGroupName: NAME, DesiredCapacity: 5 });
  await pass(3 * MINUTE);

  expect(cancelling).toBe("Cancelling");
  expect(await refresh()).toMatchObject({ Status: "Cancelled" });
  expect([mix, await versions()]).toEqual(["1122", "11122"]);
  expect(told).toEqual(["Started", "Cancelled"]);
  await expectRefusal(
    autoScaling("CancelInstanceRefresh", { AutoScalingGroupName: NAME }),
    "ActiveInstanceRefreshNotFoundFault",
  );
});

test("protected instances and those in standby are replaced, left alone, or waited for an hour", async () => {
  const outcomes: unknown[] = [];
  for (const [ScaleInProtectedInstances, StandbyInstances] of [
    ["Refresh", "Terminate"],
    ["Ignore", "Ignore"],
    ["Wait", "Ignore"],
    ["Refresh", "Wait"],
  ] as const) {
    const { start, refresh, pass, group, versions, autoScaling } = await aGroup();
    const [first, second] = (await group()).Instances ?? [];
    const named = { AutoScalingGroupName: NAME };
    const InstanceIds = [first?.InstanceId];
    await autoScaling("SetInstanceProtection", { ...named, InstanceIds, ProtectedFromScaleIn: true });
    await autoScaling("EnterStandby", {
      ...named,
      InstanceIds: [second?.InstanceId],
      ShouldDecrementDesiredCapacity: true,
    });
    await start({ ScaleInProtectedInstances, StandbyInstances });
    await pass(2 * HOUR);
    const standby = (await group()).Instances?.filter(({ LifecycleState }) => LifecycleState === "Standby").length;
    outcomes.push([(await refresh()).Status, await versions(), standby]);
  }
  expect(outcomes).toEqual([
    ["Successful", "222", 0],
    ["Successful", "122", 1],
    ["Failed", "122", 1],
    ["Failed", "222", 1],
  ]);
});

test("SkipMatching skips matching instances: the refresh ends at once if nothing changes", async () => {
  const { start, refresh, pass, group } = await aGroup();
  await start();
  await pass(20 * MINUTE);
  const ids = async () => (await group()).Instances?.map(({ InstanceId }) => InstanceId);
  const before = await ids();

  await start({ SkipMatching: true });
  await pass(30);

  expect(await refresh()).toMatchObject({ Status: "Successful", PercentageComplete: 100 });
  expect(await ids()).toEqual(before);
});

test("a version that is made during a refresh to $Latest replaces again what was replaced", async () => {
  const { autoScaling, pass, versions, addVersion, newImage, refresh, group } = await aGroup();
  const DesiredConfiguration = { LaunchTemplate: { LaunchTemplateName: NAME, Version: "$Latest" } };
  await autoScaling("StartInstanceRefresh", { AutoScalingGroupName: NAME, DesiredConfiguration });
  await pass(3 * MINUTE + 30);
  const before = await versions();
  await addVersion({ ImageId: newImage, InstanceType: "t3.small" });
  await pass(HOUR);

  expect(before).toBe("1222");
  expect([(await refresh()).Status, await versions()]).toEqual(["Successful", "3333"]);
  expect((await group()).LaunchTemplate?.Version).toBe("$Latest");
});

test("a suspended InstanceRefresh process stops it, and it continues once resumed", async () => {
  const { start, refresh, pass, versions, autoScaling, group } = await aGroup();
  await start();
  await pass(2 * MINUTE);
  const ScalingProcesses = ["InstanceRefresh"];
  await autoScaling("SuspendProcesses", { AutoScalingGroupName: NAME, ScalingProcesses });
  await pass(10 * MINUTE);
  const held = await versions();
  await pass(3 * HOUR);
  const later = { versions: await versions(), status: (await refresh()).Status };
  const { SuspendedProcesses } = await group();

  await autoScaling("ResumeProcesses", { AutoScalingGroupName: NAME, ScalingProcesses });
  await pass(20 * MINUTE);

  expect(later).toEqual({ versions: held, status: "InProgress" });
  expect(SuspendedProcesses).toEqual([{ ProcessName: "InstanceRefresh", SuspensionReason: expect.any(String) }]);
  expect(await refresh()).toMatchObject({ Status: "Successful" });
});

describe("under every reading of what AWS does not document", () => {
  const readings = Object.entries(AUTO_SCALING_READINGS).flatMap(([name, values]) =>
    values.map((value) => ({ name, value })),
  );
  test.each(readings)("$name: $value; a refresh with a scale-out, checkpoints and bake time succeeds", async (one) => {
    const { create, start, refresh, pass, versions, autoScaling, alarm, group } = await refreshWorld({
      [one.name]: one.value,
    });
    await create();
    await alarm("errors");

    await start({
      CheckpointPercentages: [50, 100],
      CheckpointDelay: 10 * MINUTE,
      BakeTime: HOUR,
      AlarmSpecification: { Alarms: ["errors"] },
      AutoRollback: true,
    });
    await pass(2 * MINUTE);
    await autoScaling("SetDesiredCapacity", { AutoScalingGroupName: NAME, DesiredCapacity: 6 });
    await pass(3 * HOUR);

    expect(await refresh()).toMatchObject({ Status: "Successful", PercentageComplete: 100, InstancesToUpdate: 0 });
    expect(await versions()).toBe("222222");
    expect((await group()).LaunchTemplate?.Version).toBe("2");
  });
});
