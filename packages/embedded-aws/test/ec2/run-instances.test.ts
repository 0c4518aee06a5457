import { describe, expect, it } from "vitest";
import { watchBus } from "../../src/services/events/watch.ts";
import { refusalOf } from "../expect-refusal.ts";
import { anAws, anImage, FACTORY, REGION, SANDBOX, STRANGER } from "./an-aws.ts";

function aLaunch() {
  const world = anAws();
  const id = anImage(world.aws, "golden");
  const input = { ImageId: id, MinCount: 1, MaxCount: 1 };
  const launch = (account: string, more: object = {}) =>
    refusalOf(world.by("ec2", account)("RunInstances", { ...input, DryRun: true, ...more }));
  const run = (more: object = {}) => world.by("ec2")("RunInstances", { ...input, ...more });
  const describeAll = async (more: object = {}) => {
    const found = await world.by("ec2")("DescribeInstances", more);
    return (found.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
  };
  const pass = (seconds: number) => world.clock.runUntil(world.clock.now() + seconds * 1000);
  return { ...world, id, launch, run, describeAll, pass };
}

describe("RunInstances", () => {
  it("shows by a dry run which accounts can launch an image", async () => {
    const { by, id, launch, describeAll } = aLaunch();
    await by("ec2")("ModifyImageAttribute", { ImageId: id, LaunchPermission: { Add: [{ UserId: SANDBOX }] } });

    expect((await launch(FACTORY)).code).toBe("DryRunOperation");
    expect((await launch(SANDBOX)).code).toBe("DryRunOperation");
    expect((await launch(STRANGER)).code).toBe("InvalidAMIID.NotFound");
    expect(await describeAll()).toEqual([]);
  });

  it("takes the image from a parameter", async () => {
    const { by, id, launch } = aLaunch();
    await by("ssm")("PutParameter", { Name: "/golden/stable", Type: "String", Value: "ami-00000000" });
    await by("ssm")("PutParameter", { Name: "/golden/stable", Type: "String", Value: id, Overwrite: true });

    expect((await launch(FACTORY, { ImageId: "resolve:ssm:/golden/stable" })).code).toBe("DryRunOperation");
    expect((await launch(FACTORY, { ImageId: "resolve:ssm:/golden/stable:1" })).code).toBe("InvalidAMIID.NotFound");
    expect((await launch(FACTORY, { ImageId: "resolve:ssm:/golden/none" })).code).toBe("InvalidParameterValue");
  });

  it("refuses an image that is not available, and an instance type of another architecture", async () => {
    const { by, id, launch } = aLaunch();

    const wrong = await launch(FACTORY, { InstanceType: "m7g.large" });
    const right = await launch(FACTORY, { InstanceType: "g4dn.xlarge" });
    await by("ec2")("DisableImage", { ImageId: id });
    const disabled = await launch(FACTORY);

    expect(wrong.code).toBe("InvalidParameterValue");
    expect(right.code).toBe("DryRunOperation");
    expect(disabled.code).toBe("InvalidAMIID.Unavailable");
  });

  it("starts the requested number of instances, which run after a while, with an event for each state", async () => {
    const { aws, run, describeAll, pass } = aLaunch();
    const told: unknown[] = [];
    watchBus(aws, FACTORY, REGION, "default", ({ source, detail }) => void (source === "aws.ec2" && told.push(detail)));

    const launched = await run({
      MinCount: 2,
      MaxCount: 2,
      InstanceType: "t3.micro",
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "stage", Value: "canary" }] }],
    });
    await pass(60);
    const running = await describeAll({ Filters: [{ Name: "tag:stage", Values: ["canary"] }] });

    expect(launched.Instances?.map(({ State }) => State?.Name)).toEqual(["pending", "pending"]);
    expect(running.map(({ State, AmiLaunchIndex }) => [State?.Name, AmiLaunchIndex])).toEqual([
      ["running", 0],
      ["running", 1],
    ]);
    expect(new Set(running.map(({ PrivateIpAddress }) => PrivateIpAddress)).size).toBe(2);
    const ids = launched.Instances?.map(({ InstanceId }) => InstanceId) ?? [];
    expect(told).toEqual(
      expect.arrayContaining(
        ids.flatMap((id) => ["pending", "running"].map((state) => ({ "instance-id": id, state }))),
      ),
    );
  });

  it("configures an instance from its image, the request and the default network", async () => {
    const { by, id, run } = aLaunch();
    await by("ec2")("ModifyImageAttribute", { ImageId: id, ImdsSupport: { Value: "v2.0" } });
    const required = { HttpTokens: "required", HttpPutResponseHopLimit: 2, HttpEndpoint: "enabled" };

    const [own] = (await run()).Instances ?? [];
    const [asked] =
      (await run({ MetadataOptions: { HttpTokens: "optional" }, Placement: { AvailabilityZone: `${REGION}c` } }))
        .Instances ?? [];

    expect(own).toMatchObject({ MetadataOptions: required, SecurityGroups: [{ GroupName: "default" }] });
    expect(own?.SubnetId).toMatch(/^subnet-/);
    expect(asked).toMatchObject({
      MetadataOptions: { ...required, HttpTokens: "optional" },
      Placement: { AvailabilityZone: `${REGION}c` },
    });
  });

  it("launches once per client token, and refuses another request with it", async () => {
    const { run, describeAll } = aLaunch();

    const first = await run({ ClientToken: "once" });
    const second = await run({ ClientToken: "once" });
    const other = await refusalOf(run({ ClientToken: "once", MaxCount: 2 }));

    expect(second.Instances?.[0]?.InstanceId).toBe(first.Instances?.[0]?.InstanceId);
    expect(other.code).toBe("IdempotentParameterMismatch");
    expect(await describeAll()).toHaveLength(1);
  });

  it("names what is not built, and refuses invalid input with EC2's messages", async () => {
    const { launch } = aLaunch();
    const refusals = [
      { CpuOptions: { CoreCount: 1 } },
      { Placement: { Tenancy: "dedicated" } },
      { KeyName: "mine" },
      { SubnetId: "subnet-00000000" },
      { SecurityGroupIds: ["sg-00000000"] },
      { IamInstanceProfile: { Name: "none" } },
      { MinCount: 3, MaxCount: 2 },
      { BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 4 } }] },
      { NetworkInterfaces: [{ DeviceIndex: 0 }], SecurityGroupIds: ["sg-00000000"] },
    ];

    const codes = await Promise.all(refusals.map(async (more) => (await launch(FACTORY, more)).code));

    expect(codes).toEqual([
      "NotImplemented",
      "NotImplemented",
      "InvalidKeyPair.NotFound",
      "InvalidSubnetID.NotFound",
      "InvalidGroup.NotFound",
      "InvalidParameterValue",
      "InvalidParameterValue",
      "InvalidBlockDeviceMapping",
      "InvalidParameterCombination",
    ]);
  });

  it("is reported as the image's last launch a day later, to its owner", async () => {
    const { by, id, run, pass, clock } = aLaunch();
    const last = async () =>
      (
        await by("ec2")<{ LastLaunchedTime?: { Value?: string } }>("DescribeImageAttribute", {
          ImageId: id,
          Attribute: "lastLaunchedTime",
        })
      ).LastLaunchedTime?.Value;
    const at = new Date(clock.now()).toISOString();
    await run();

    const before = await last();
    await pass(86_400);

    expect(before).toBeUndefined();
    expect(await last()).toBe(at);
  });
});

describe("the life of an instance", () => {
  it("ends with TerminateInstances, and is forgotten an hour later", async () => {
    const { by, run, describeAll, pass } = aLaunch();
    const InstanceIds = (await run()).Instances?.map(({ InstanceId }) => InstanceId);
    await pass(60);

    const answer = await by("ec2")("TerminateInstances", { InstanceIds });
    await pass(60);
    const [terminated] = await describeAll();
    await pass(3600);

    expect(answer).toMatchObject({
      TerminatingInstances: [{ PreviousState: { Name: "running" }, CurrentState: { Code: 32, Name: "shutting-down" } }],
    });
    expect(terminated).toMatchObject({
      State: { Code: 48, Name: "terminated" },
      StateReason: { Code: "Client.UserInitiatedShutdown" },
      StateTransitionReason: expect.stringMatching(/^User initiated \(2026-04-01 08:01:00 GMT\)$/),
    });
    expect(await describeAll()).toEqual([]);
    expect((await refusalOf(by("ec2")("TerminateInstances", { InstanceIds }))).code).toBe("InvalidInstanceID.NotFound");
  });

  it("stops and starts, and its status checks pass after a while", async () => {
    const { by, run, pass } = aLaunch();
    const InstanceIds = (await run()).Instances?.map(({ InstanceId }) => InstanceId);
    const status = () => by("ec2")("DescribeInstanceStatus", { InstanceIds });
    const early = await refusalOf(by("ec2")("StopInstances", { InstanceIds }));
    await pass(30);
    const young = await status();
    await pass(300);
    const grown = await status();

    await by("ec2")("StopInstances", { InstanceIds });
    await pass(60);
    const stopped = await status();
    await by("ec2")("StartInstances", { InstanceIds });
    await pass(60);

    expect(early.code).toBe("IncorrectInstanceState");
    expect(young).toMatchObject({ InstanceStatuses: [{ InstanceStatus: { Status: "initializing" } }] });
    expect(grown).toMatchObject({ InstanceStatuses: [{ SystemStatus: { Status: "ok" } }] });
    expect(stopped).toEqual({ InstanceStatuses: [] });
    expect(await status()).toMatchObject({ InstanceStatuses: [{ InstanceState: { Name: "running" } }] });
  });
});
