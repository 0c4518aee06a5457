import { expect, test } from "vitest";
import { injectFaults } from "../../src/faults/inject-faults.ts";
import { enforcePublishedLimits } from "../../src/limits/throttle.ts";
import { simulateFleet } from "../../src/services/autoscaling/fleet.ts";
import { REGION } from "../ec2/an-aws.ts";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { allow } from "../policy.ts";
import { aGroup, HOUR, MINUTE, NAME, refreshWorld } from "./refresh-world.ts";

const named = { AutoScalingGroupName: NAME };
const at = (Version: string) => ({ DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: NAME, Version } } });
const LATEST = { LaunchTemplate: { LaunchTemplateName: NAME, Version: "$Latest" } };

/** A group by a template whose AMI a parameter names. */
async function parameterGroup(readings: Parameters<typeof refreshWorld>[0] = {}) {
  const world = await refreshWorld(readings);
  const write = async (Value: string) => {
    await world.as("ssm")("PutParameter", { Name: "/golden/stable", Type: "String", Value, Overwrite: true });
  };
  await write(world.oldImage);
  const version = await world.addVersion({ ImageId: "resolve:ssm:/golden/stable" });
  await world.create({ LaunchTemplate: { LaunchTemplateName: NAME, Version: version } });
  const images = async () => {
    const { Reservations = [] } = await world.ec2<{ Reservations?: { Instances: { ImageId: string }[] }[] }>(
      "DescribeInstances",
      { Filters: [{ Name: "instance-state-name", Values: ["running"] }] },
    );
    return Reservations.flatMap(({ Instances }) => Instances.map(({ ImageId }) => ImageId));
  };
  return { ...world, write, images, version };
}

test("a group has one refresh at a time", async () => {
  const { start } = await aGroup();
  await start();
  await expectRefusal(start(), "InstanceRefreshInProgressFault");
});

test.each([
  { preferences: { MaxHealthyPercentage: 110 }, message: "MinHealthyPercentage must be specified" },
  { preferences: { MinHealthyPercentage: 50, MaxHealthyPercentage: 200 }, message: "cannot be greater than 100" },
  { preferences: { CheckpointDelay: 10 }, message: "CheckpointPercentages must be specified" },
  { preferences: { CheckpointPercentages: [50, 20] }, message: "unique, ascending" },
  { preferences: { CheckpointPercentages: [50, 50] }, message: "unique, ascending" },
  { preferences: { AlarmSpecification: { Alarms: ["none"] } }, message: "The alarm none does not exist" },
  { preferences: { MinHealthyPercentage: 101 }, message: "less than or equal to 100" },
])("preferences are refused: $message", async ({ preferences, message }) => {
  const { start } = await aGroup();
  await expectRefusal(start(preferences), "ValidationError", containing(message));
});

test("ReplaceRootVolume is not built", async () => {
  const { start } = await aGroup();
  await expectRefusal(start({}, { Strategy: "ReplaceRootVolume" }), "NotImplemented");
});

test("a rollback needs a desired configuration, a numbered version of the group's, and a refresh", async () => {
  for (const [more, desired] of [
    [{}, undefined],
    [LATEST, at("2")],
  ] as const) {
    const { create, autoScaling, pass } = await refreshWorld();
    await create(more);
    await expectRefusal(autoScaling("RollbackInstanceRefresh", named), "ActiveInstanceRefreshNotFoundFault");
    const automatic = { ...named, ...desired, Preferences: { AutoRollback: true } };
    await expectRefusal(
      autoScaling("StartInstanceRefresh", automatic),
      "ValidationError",
      containing("AutoRollback cannot be used"),
    );
    await autoScaling("StartInstanceRefresh", { ...named, ...desired });
    await pass(MINUTE);
    await expectRefusal(autoScaling("RollbackInstanceRefresh", named), "IrreversibleInstanceRefreshFault");
  }
});

test("a user's rollback, while it bakes too, brings everything back; it can be cancelled, and not be repeated", async () => {
  for (const minutes of [2, 30]) {
    const { start, autoScaling, pass, versions, refresh } = await aGroup();
    await start({ BakeTime: HOUR });
    await pass(minutes * MINUTE);
    await autoScaling("RollbackInstanceRefresh", named);
    await expectRefusal(autoScaling("RollbackInstanceRefresh", named), "ActiveInstanceRefreshNotFoundFault");
    await pass(30 * MINUTE);
    expect([(await refresh()).Status, await versions()]).toEqual(["RollbackSuccessful", "1111"]);
  }
});

test("while a refresh with a desired configuration is active, the group's configuration cannot be changed", async () => {
  const { start, autoScaling, pass } = await aGroup();
  await start();
  await pass(MINUTE);
  await expectRefusal(
    autoScaling("UpdateAutoScalingGroup", { ...named, ...LATEST }),
    "ValidationError",
    containing("An active instance refresh with a desired configuration exists"),
  );
  await autoScaling("UpdateAutoScalingGroup", { ...named, MaxSize: 10 });
});

test("a moved parameter takes effect at the next launch, and in a refresh without a desired configuration", async () => {
  const { write, images, autoScaling, pass, oldImage, newImage } = await parameterGroup();
  await write(newImage);
  await autoScaling("SetDesiredCapacity", { ...named, DesiredCapacity: 5 });
  await pass(2 * MINUTE);
  const mixed = await images();
  await autoScaling("StartInstanceRefresh", named);
  await pass(HOUR);

  expect(mixed.toSorted()).toEqual([...Array(4).fill(oldImage), newImage].toSorted());
  expect(await images()).toEqual(Array(5).fill(newImage));
});

test("a group whose AMI a parameter names takes neither a desired configuration nor skip matching nor a rollback", async () => {
  const { start, autoScaling, pass } = await parameterGroup();
  const by = { name: "ValidationError", message: expect.stringContaining("Systems Manager parameter") };
  await expect(start()).rejects.toMatchObject(by);
  const skipping = { ...named, Preferences: { SkipMatching: true } };
  await expect(autoScaling("StartInstanceRefresh", skipping)).rejects.toMatchObject(by);
  await autoScaling("StartInstanceRefresh", named);
  await pass(MINUTE);
  await expectRefusal(autoScaling("RollbackInstanceRefresh", named), "IrreversibleInstanceRefreshFault");
});

test("a mixed instances policy does not take a template whose AMI a parameter names", async () => {
  const { autoScaling, version } = await parameterGroup();
  const LaunchTemplateSpecification = { LaunchTemplateName: NAME, Version: version };
  const MixedInstancesPolicy = { LaunchTemplate: { LaunchTemplateSpecification } };
  await expectRefusal(
    autoScaling("UpdateAutoScalingGroup", { ...named, MixedInstancesPolicy }),
    "ValidationError",
    containing("SSM parameter"),
  );
});

test("read otherwise, skip matching matches everything there, wherever the parameter points", async () => {
  const { write, images, autoScaling, pass, oldImage, newImage, refresh } = await parameterGroup({
    parameterGroups: "accepted",
  });
  await write(newImage);
  await autoScaling("StartInstanceRefresh", { ...named, Preferences: { SkipMatching: true } });
  await pass(MINUTE);

  expect((await refresh()).Status).toBe("Successful");
  expect(await images()).toEqual(Array(4).fill(oldImage));
});

test.each([
  ["an AMI that is no longer shared", "does not exist"],
  ["an architecture that does not fit", "does not match the architecture"],
  ["a volume that is smaller than its snapshot", "smaller than snapshot"],
  ["no capacity", "sufficient t3.micro capacity"],
])("%s fails launches, says so in the activities, and the refresh after an hour", async (what, message) => {
  const { aws, create, start, autoScaling, pass, addVersion, refresh, newImage, versions, share } =
    await refreshWorld();
  await create({ DesiredCapacity: 2 });
  const device = { DeviceName: "/dev/xvda", Ebs: { VolumeSize: 8 } };
  const data = what.startsWith("an architecture")
    ? { ImageId: newImage, InstanceType: "t4g.small" }
    : what.startsWith("a volume")
      ? { ImageId: await share("large", 20), BlockDeviceMappings: [device] }
      : { ImageId: what.startsWith("an AMI") ? "ami-00000000000000000" : newImage };
  const version = await addVersion(data);
  if (what === "no capacity") simulateFleet(aws, { capacity: () => false });

  await start({ MinHealthyPercentage: 100 }, at(version));
  await pass(2 * HOUR);
  const { Activities = [] } = await autoScaling<{ Activities?: { StatusCode: string; StatusMessage?: string }[] }>(
    "DescribeScalingActivities",
    named,
  );

  expect((await refresh()).Status).toBe("Failed");
  expect(await versions()).toBe("11");
  expect(Activities[0]).toMatchObject({ StatusCode: "Failed", StatusMessage: expect.stringContaining(message) });
});

test("overrides name types and AMIs; without capacity for the first the next is taken; only their AMI is shown", async () => {
  const { aws, create, start, autoScaling, pass, group, newImage, refresh } = await refreshWorld();
  simulateFleet(aws, { capacity: ({ instanceType }) => instanceType !== "t3.large" });
  const policy = (...images: (string | undefined)[]) => ({
    LaunchTemplate: {
      LaunchTemplateSpecification: { LaunchTemplateName: NAME, Version: "1" },
      Overrides: ["t3.large", "t3.small"].map((InstanceType, index) => ({ InstanceType, ImageId: images[index] })),
    },
  });
  await create({ MixedInstancesPolicy: policy(), AvailabilityZones: [`${REGION}a`] });
  const before = await group();
  const DesiredConfiguration = { MixedInstancesPolicy: policy(newImage, newImage) };
  await start({ AutoRollback: true }, { DesiredConfiguration });
  await pass(HOUR);
  const after = await group();

  expect(before.LaunchTemplate).toBeUndefined();
  expect(before.Instances?.[0]).toMatchObject({ InstanceType: "t3.small" });
  expect(before.Instances?.[0]).not.toHaveProperty("ImageId");
  expect((await refresh()).Status).toBe("Successful");
  expect(after.Instances?.map(({ ImageId }) => ImageId)).toEqual(Array(4).fill(newImage));
  expect(after.MixedInstancesPolicy?.LaunchTemplate?.Overrides).toEqual([
    { InstanceType: "t3.large", ImageId: newImage },
    { InstanceType: "t3.small", ImageId: newImage },
  ]);
  const spot = { ...policy(), InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: 50 } };
  await expectRefusal(
    autoScaling("UpdateAutoScalingGroup", { ...named, MixedInstancesPolicy: spot }),
    "NotImplemented",
    containing("Spot Instances"),
  );
});

test("who refreshes a group needs its tag, and the right to launch by the desired template", async () => {
  const { create, as, role, autoScaling, pass } = await refreshWorld();
  const Tags = [{ Key: "amint:rollout", Value: "golden", ResourceId: NAME, ResourceType: "auto-scaling-group" }];
  await create();
  const refreshing = {
    Effect: "Allow",
    Action: ["autoscaling:StartInstanceRefresh", "autoscaling:CancelInstanceRefresh"],
    Resource: "*",
    Condition: { StringEquals: { "aws:ResourceTag/amint:rollout": "golden" } },
  };
  const launching = allow("ec2:RunInstances");
  const starter = as("autoscaling", await role("starter", refreshing, launching));
  const mover = as("autoscaling", await role("mover", refreshing));
  await expectRefusal(starter("StartInstanceRefresh", { ...named, ...at("2") }), "AccessDenied");
  await autoScaling("CreateOrUpdateTags", { Tags });

  await expectRefusal(
    mover("StartInstanceRefresh", { ...named, ...at("2") }),
    "AccessDenied",
    `You are not authorized to use launch template: ${NAME}`,
  );
  await starter("StartInstanceRefresh", { ...named, ...at("2") });
  await mover("CancelInstanceRefresh", named);
  await pass(10 * MINUTE);
  await mover("StartInstanceRefresh", named);
});

test("faults refuse who refreshes, ResourceContention among them, and never Auto Scaling itself", async () => {
  const { aws, create, as, role, versions, pass, refresh } = await refreshWorld();
  await create();
  const allowed = allow(["autoscaling:*", "ec2:RunInstances"]);
  const starter = as("autoscaling", await role("starter", allowed));
  const end = injectFaults(aws, { seed: 1, contended: 1 });
  await expect(starter("StartInstanceRefresh", { ...named, ...at("2") })).rejects.toMatchObject({
    code: "ResourceContentionFault",
    status: 500,
  });
  end();
  await starter("StartInstanceRefresh", { ...named, ...at("2") });
  injectFaults(aws, { seed: 1, throttled: 1 });
  await pass(HOUR);

  expect([(await refresh()).Status, await versions()]).toEqual(["Successful", "2222"]);
});

test("EC2's rate limits slow a large group down, and fail none of its launches", async () => {
  const { aws, create, start, autoScaling, pass, refresh, versions } = await refreshWorld();
  enforcePublishedLimits(aws, "roles");
  await create({ DesiredCapacity: 20 }, 5 * MINUTE);
  await start({ MinHealthyPercentage: 0 });
  await pass(HOUR);
  const { Activities = [] } = await autoScaling<{ Activities?: { StatusCode: string }[] }>(
    "DescribeScalingActivities",
    named,
  );

  expect([(await refresh()).Status, await versions()]).toEqual(["Successful", "2".repeat(20)]);
  expect(new Set(Activities.map(({ StatusCode }) => StatusCode))).toEqual(new Set(["Successful"]));
});
