import { AutoScaling, type AutoScalingGroup, type InstanceRefresh } from "@aws-sdk/client-auto-scaling";
import { EC2 } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { random } from "../../src/faults/random.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { simulateFleet } from "../../src/services/autoscaling/fleet.ts";
import type { BusEvent } from "../../src/services/events/event.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { PRODUCTION, REGION } from "../ec2/an-aws.ts";
import { launchWorld } from "../ec2/launch-world.ts";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { credentials } from "../wire/transports.ts";
import { HOUR, MINUTE, NAME, refreshWorld } from "./refresh-world.ts";

const named = { AutoScalingGroupName: NAME };
type World = Awaited<ReturnType<typeof refreshWorld>>;
interface Page {
  readonly AutoScalingGroups?: AutoScalingGroup[];
  readonly NextToken?: string;
}

const idsOf = async ({ group }: World): Promise<string[]> =>
  ((await group()).Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []);

test("groups are found by their tags, page by page, with or without their instances", async () => {
  const { create, autoScaling } = await refreshWorld();
  for (const [n, team] of ["web", "shop", "web"].entries()) {
    await create({ AutoScalingGroupName: `g-${n}`, DesiredCapacity: 1, Tags: [{ Key: "team", Value: team }] });
  }
  const names = async (input: object) => {
    const { AutoScalingGroups = [] } = await autoScaling<Page>("DescribeAutoScalingGroups", input);
    return AutoScalingGroups.map(
      ({ AutoScalingGroupName, Instances = [] }) => `${AutoScalingGroupName} ${Instances.length}`,
    );
  };
  const of = (Name: string, ...Values: string[]) => ({ Name, Values });

  expect(await names({ Filters: [of("tag:team", "web")] })).toEqual(["g-0 1", "g-2 1"]);
  expect(await names({ Filters: [of("tag:team", "web", "shop")], IncludeInstances: false })).toEqual([
    "g-0 0",
    "g-1 0",
    "g-2 0",
  ]);
  expect(await names({ Filters: [of("tag-key", "team"), of("tag-value", "shop")] })).toEqual(["g-1 1"]);
  await expectRefusal(names({ Filters: [of("name", "g-1")] }), "ValidationError");
  const first = await autoScaling<Page>("DescribeAutoScalingGroups", { MaxRecords: 2 });
  const second = await autoScaling<Page>("DescribeAutoScalingGroups", { MaxRecords: 2, NextToken: first.NextToken });
  expect([first.AutoScalingGroups?.length, second.AutoScalingGroups?.length, second.NextToken]).toEqual([
    2,
    1,
    undefined,
  ]);
});

test("a refresh takes its bounds from the maintenance policy and its warm-up from the group, unless it names its own", async () => {
  const { create, start, autoScaling, refresh, group } = await refreshWorld();
  const InstanceMaintenancePolicy = { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 };
  await create({ InstanceMaintenancePolicy, DefaultInstanceWarmup: undefined, HealthCheckGracePeriod: 45 });
  const seen: (InstanceRefresh["Preferences"] | undefined)[] = [];
  for (const preferences of [{}, { MinHealthyPercentage: 50, InstanceWarmup: 0 }]) {
    await start(preferences);
    seen.push((await refresh()).Preferences);
    await autoScaling("CancelInstanceRefresh", { ...named, WaitForTransitioningInstances: false });
  }
  await autoScaling("UpdateAutoScalingGroup", { ...named, DefaultInstanceWarmup: 90 });
  const warmup = (await group()).DefaultInstanceWarmup;
  await autoScaling("UpdateAutoScalingGroup", { ...named, DefaultInstanceWarmup: -1 });

  expect(seen[0]).toMatchObject({ MinHealthyPercentage: 100, MaxHealthyPercentage: 150, InstanceWarmup: 45 });
  expect(seen[1]).toMatchObject({ MinHealthyPercentage: 50, MaxHealthyPercentage: 100, InstanceWarmup: 0 });
  expect([warmup, (await group()).DefaultInstanceWarmup]).toEqual([90, undefined]);
  const wide = { MinHealthyPercentage: 50, MaxHealthyPercentage: 200 };
  await expectRefusal(
    autoScaling("UpdateAutoScalingGroup", { ...named, InstanceMaintenancePolicy: wide }),
    "ValidationError",
    containing("cannot be greater than 100"),
  );
});

test("an unhealthy instance is replaced when its grace period is over, or at once where that does not count", async () => {
  const world = await refreshWorld();
  const { create, autoScaling, pass } = world;
  await create({ DesiredCapacity: 2, HealthCheckGracePeriod: HOUR });
  const [InstanceId = "", other] = await idsOf(world);
  await autoScaling("SetInstanceHealth", { InstanceId, HealthStatus: "Unhealthy" });
  await pass(5 * MINUTE);
  const within = await idsOf(world);
  await autoScaling("SetInstanceHealth", { InstanceId, HealthStatus: "Unhealthy", ShouldRespectGracePeriod: false });
  await pass(5 * MINUTE);

  expect(within).toEqual([InstanceId, other]);
  expect(await idsOf(world)).toEqual([other, expect.not.stringMatching(InstanceId)]);
});

test("a seeded plan gives the same instances the same fate in each run", async () => {
  const fates: string[] = [];
  for (const seed of [1, 1, 2]) {
    const world = await refreshWorld();
    const dice = random(seed);
    simulateFleet(world.aws, { health: () => ({ healthy: dice() < 0.5, after: Math.round(dice() * HOUR) }) });
    await world.create({ DesiredCapacity: 6 });
    await world.pass(3 * HOUR);
    const { Activities = [] } = await world.autoScaling<{ Activities?: { Description?: string; StartTime?: Date }[] }>(
      "DescribeScalingActivities",
      named,
    );
    fates.push(Activities.map(({ Description, StartTime }) => `${StartTime?.toISOString()} ${Description}`).join("\n"));
  }
  expect(fates[0]).toContain("Terminating");
  expect(fates[1]).toBe(fates[0]);
  expect(fates[2]).not.toBe(fates[0]);
});

test("protected instances and suspended processes keep a group as it is", async () => {
  const world = await refreshWorld();
  const { create, autoScaling, pass } = world;
  await create({ DesiredCapacity: 3 });
  const [first, second] = await idsOf(world);
  await autoScaling("SetInstanceProtection", { ...named, InstanceIds: [first], ProtectedFromScaleIn: true });
  await autoScaling("SuspendProcesses", { ...named, ScalingProcesses: ["Launch", "Terminate"] });
  for (const DesiredCapacity of [5, 1]) {
    await autoScaling("SetDesiredCapacity", { ...named, DesiredCapacity });
    await pass(5 * MINUTE);
    expect(await idsOf(world)).toHaveLength(3);
  }
  await autoScaling("ResumeProcesses", named);
  await pass(5 * MINUTE);

  expect(await idsOf(world)).toEqual([first]);
  expect(second).toBeDefined();
});

test("standby takes instances out of the group's count and back, within its bounds", async () => {
  const world = await refreshWorld();
  const { create, autoScaling, pass, group } = world;
  await create({ DesiredCapacity: 2, MinSize: 1, MaxSize: 2, AvailabilityZones: [`${REGION}a`] });
  const InstanceIds = await idsOf(world);
  const enter = (ids: string[], ShouldDecrementDesiredCapacity: boolean) =>
    autoScaling("EnterStandby", { ...named, InstanceIds: ids, ShouldDecrementDesiredCapacity });

  await expectRefusal(enter(InstanceIds, true), "ValidationError", containing("min-size=1"));
  await enter(InstanceIds.slice(0, 1), true);
  const during = await group();
  await autoScaling("ExitStandby", { ...named, InstanceIds: InstanceIds.slice(0, 1) });
  await enter(InstanceIds.slice(0, 1), false);
  await pass(5 * MINUTE);

  expect([during.DesiredCapacity, during.Instances?.map(({ LifecycleState }) => LifecycleState)]).toEqual([
    1,
    ["Standby", "InService"],
  ]);
  expect((await group()).Instances?.map(({ LifecycleState }) => LifecycleState)).toEqual([
    "Standby",
    "InService",
    "InService",
  ]);
  await expectRefusal(
    autoScaling("ExitStandby", { ...named, InstanceIds: InstanceIds.slice(0, 1) }),
    "ValidationError",
    containing("max-size=2"),
  );
});

test("launches, failed launches and terminations of a group's instances put events on the default bus", async () => {
  const { aws, create, autoScaling, pass, group } = await refreshWorld();
  const told: BusEvent[] = [];
  watchBus(aws, PRODUCTION, REGION, "default", (event) => {
    if (event.source === "aws.autoscaling") told.push(event);
  });
  await create({ DesiredCapacity: 1 });
  const { AutoScalingGroupARN, Instances } = await group();
  const id = Instances?.[0]?.InstanceId ?? "";
  await autoScaling("SetDesiredCapacity", { AutoScalingGroupName: NAME, DesiredCapacity: 0 });
  await pass(2 * MINUTE);
  simulateFleet(aws, { capacity: () => false });
  await autoScaling("SetDesiredCapacity", { AutoScalingGroupName: NAME, DesiredCapacity: 1 });
  await pass(30);

  const resources = [AutoScalingGroupARN, `arn:aws:ec2:${REGION}:${PRODUCTION}:instance/${id}`];
  const detail = { AutoScalingGroupName: NAME, EC2InstanceId: id, StatusCode: "InProgress", StatusMessage: "" };
  expect(told).toMatchObject([
    {
      "detail-type": "EC2 Instance Launch Successful",
      resources,
      detail: {
        ...detail,
        Description: `Launching a new EC2 instance: ${id}`,
        Details: {
          "Availability Zone": expect.stringContaining(REGION),
          "Subnet ID": expect.stringMatching(/^subnet-/),
        },
        Origin: "EC2",
        Destination: "AutoScalingGroup",
      },
    },
    {
      "detail-type": "EC2 Instance Terminate Successful",
      resources,
      detail: { ...detail, Origin: "AutoScalingGroup", Destination: "EC2" },
    },
    {
      "detail-type": "EC2 Instance Launch Unsuccessful",
      resources: [AutoScalingGroupARN],
      detail: { EC2InstanceId: "", StatusCode: "Failed", StatusMessage: expect.stringContaining("capacity") },
    },
  ]);
});

async function group() {
  const { aws, imageId } = await launchWorld();
  const config = { region: REGION, credentials: credentials(PRODUCTION), requestHandler: inProcessHandler(aws) };
  const autoScaling = new AutoScaling({ ...config, maxAttempts: 1 });
  await new EC2(config).createLaunchTemplate({ LaunchTemplateName: "web", LaunchTemplateData: { ImageId: imageId } });
  await autoScaling.createAutoScalingGroup({
    AutoScalingGroupName: "web",
    LaunchTemplate: { LaunchTemplateName: "web" },
    MinSize: 0,
    MaxSize: 1,
    AvailabilityZones: [`${REGION}a`],
    Tags: [{ Key: "team", Value: "web", PropagateAtLaunch: true }],
  });
  const tags = async (Filters?: { Name: string; Values: string[] }[]) =>
    (await autoScaling.describeTags({ Filters })).Tags;
  return { autoScaling, tags };
}

const ofGroup = { ResourceId: "web", ResourceType: "auto-scaling-group" };

test("a group's tags are shown, replaced and taken away", async () => {
  const { autoScaling, tags } = await group();
  const team = { ...ofGroup, Key: "team", Value: "web", PropagateAtLaunch: true };
  expect(await tags()).toEqual([team]);

  const stage = { ...ofGroup, Key: "stage", Value: "live", PropagateAtLaunch: false };
  await autoScaling.createOrUpdateTags({ Tags: [{ ...team, Value: "shop" }, stage] });

  expect(await tags()).toEqual([{ ...team, Value: "shop" }, stage]);
  expect(await tags([{ Name: "propagate-at-launch", Values: ["false"] }])).toEqual([stage]);
  await autoScaling.deleteTags({ Tags: [{ ...ofGroup, Key: "team" }] });
  expect(await autoScaling.describeAutoScalingGroups({})).toMatchObject({ AutoScalingGroups: [{ Tags: [stage] }] });
});

test("a group that does not exist has no tags", async () => {
  const { autoScaling } = await group();
  const Tags = [{ ...ofGroup, ResourceId: "none", Key: "team" }];

  await expectRefusal(autoScaling.createOrUpdateTags({ Tags }), "ValidationError");
});
