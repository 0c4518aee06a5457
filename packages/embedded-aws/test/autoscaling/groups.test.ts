import { AutoScaling } from "@aws-sdk/client-auto-scaling";
import { EC2 } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { PRODUCTION, REGION } from "../ec2/an-aws.ts";
import { ASG_ROLE, forConsumer, LAUNCH_ACTIONS, launchWorld } from "../ec2/launch-world.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { allow } from "../policy.ts";
import { credentials, TRANSPORTS } from "../wire/transports.ts";

const ROLE_OPERATIONS = [
  "Encrypt",
  "Decrypt",
  "ReEncryptFrom",
  "ReEncryptTo",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "DescribeKey",
  "CreateGrant",
];

/** What the Auto Scaling user guide has the key's owner add, so that a consumer can make the grant for its role. */
const MAY_GRANT_TO_ROLE = {
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${PRODUCTION}:root` },
  Action: "kms:CreateGrant",
  Resource: "*",
  Condition: {
    StringEquals: { "kms:GranteePrincipal": ASG_ROLE(PRODUCTION) },
    "ForAllValues:StringEquals": { "kms:GrantOperations": ROLE_OPERATIONS },
  },
};

/** Clients of production's account, in an AWS whose factory has an encrypted image for it. */
async function consumer(transport: (typeof TRANSPORTS)[number], ...keyStatements: readonly object[]) {
  const world = await launchWorld(...keyStatements);
  const options = await transport.connect(world.aws);
  const config = { ...options, region: REGION, credentials: credentials(PRODUCTION), maxAttempts: 1 };
  const ec2 = new EC2(config);
  const autoScaling = new AutoScaling(config);
  const template = await ec2.createLaunchTemplate({
    LaunchTemplateName: "web",
    LaunchTemplateData: { ImageId: world.imageId, InstanceType: "t3.micro" },
  });
  /** The grant that the consumer makes for its service-linked role. */
  const grant = () => {
    const given = { GranteePrincipal: ASG_ROLE(PRODUCTION), Operations: ROLE_OPERATIONS };
    return world.as("kms", accountPrincipal(PRODUCTION))("CreateGrant", { KeyId: world.keyArn, ...given });
  };
  const create = (more: object = {}) =>
    autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: "web",
      LaunchTemplate: { LaunchTemplateName: "web", Version: "$Latest" },
      MinSize: 0,
      MaxSize: 3,
      DesiredCapacity: 1,
      AvailabilityZones: [`${REGION}a`, `${REGION}b`],
      Tags: [{ Key: "team", Value: "web", PropagateAtLaunch: true }],
      ...more,
    });
  const group = async () =>
    (await autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: ["web"] })).AutoScalingGroups?.[0];
  const activities = async () =>
    (await autoScaling.describeScalingActivities({ AutoScalingGroupName: "web" })).Activities ?? [];
  const pass = (ms: number) => world.clock.runUntil(world.clock.now() + ms);
  return { ...world, ec2, autoScaling, template, grant, create, group, activities, pass };
}

describe.each(TRANSPORTS)("Auto Scaling groups, $name", (transport) => {
  it("launch as the account's service-linked role, by a grant that the consumer made for it", async () => {
    const { grant, create, group, activities, pass, ec2, denied } = await consumer(transport, MAY_GRANT_TO_ROLE);
    await grant();

    await create();
    await pass(60_000);

    const running = await group();
    expect(running?.Instances).toEqual([
      expect.objectContaining({ LifecycleState: "InService", HealthStatus: "Healthy", InstanceType: "t3.micro" }),
    ]);
    expect(await activities()).toEqual([
      expect.objectContaining({
        StatusCode: "Successful",
        Progress: 100,
        Description: `Launching a new EC2 instance: ${running?.Instances?.[0]?.InstanceId}`,
        Cause: expect.stringContaining("increasing the capacity from 0 to 1."),
      }),
    ]);
    const { Reservations } = await ec2.describeInstances({
      Filters: [{ Name: "tag:aws:autoscaling:groupName", Values: ["web"] }],
    });
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
      State: { Name: "running" },
      Tags: expect.arrayContaining([{ Key: "team", Value: "web" }]),
    });
    expect(denied).toEqual([]);
  });

  it("tell in their activities that the role cannot use the key, whatever the account itself may do", async () => {
    const { create, group, activities, pass, denied } = await consumer(transport, ...forConsumer());

    await create();
    await pass(45_000);

    const [newest] = await activities();
    const why =
      "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: Client.InternalError: Client error on launch";
    expect(newest).toMatchObject({
      StatusCode: "Cancelled",
      StatusMessage: why,
      Description: expect.stringMatching(/^Launching a new EC2 instance: i-[0-9a-f]{17}\. {2}Status Reason: Instance/),
    });
    expect((await group())?.Instances).toEqual([]);
    expect(denied[0]).toContain("AWSServiceRoleForAutoScaling/AutoScaling is not authorized to perform: kms:");
  });

  it("try again, so that a grant made later heals them", async () => {
    const { grant, create, group, pass } = await consumer(transport, MAY_GRANT_TO_ROLE);
    await create();
    await pass(45_000);
    await grant();

    await pass(10 * 60_000);

    expect((await group())?.Instances?.map(({ LifecycleState }) => LifecycleState)).toEqual(["InService"]);
  });

  it("grow, shrink, and go with their instances", async () => {
    const { grant, autoScaling, create, group, pass, ec2 } = await consumer(transport, MAY_GRANT_TO_ROLE);
    await grant();
    await create();
    const sizes: (number | undefined)[] = [];
    for (const DesiredCapacity of [3, 1]) {
      await autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: "web", DesiredCapacity });
      await pass(120_000);
      sizes.push((await group())?.Instances?.length);
    }

    const kept = autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: "web" });
    await expect(kept).rejects.toMatchObject({ name: "ResourceInUseFault" });
    await autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: "web", ForceDelete: true });
    const during = await group();
    await pass(120_000);

    expect(sizes).toEqual([3, 1]);
    expect(during?.Status).toBe("Delete in progress");
    expect(await group()).toBeUndefined();
    const { Reservations = [] } = await ec2.describeInstances({});
    const states = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name));
    expect(states).toEqual(["terminated", "terminated", "terminated"]);
  });

  it("replace an instance that a caller terminates", async () => {
    const { as, grant, create, group, pass } = await consumer(transport, MAY_GRANT_TO_ROLE);
    await grant();
    await create();
    await pass(60_000);
    const first = (await group())?.Instances?.[0]?.InstanceId;
    await as("ec2", accountPrincipal(PRODUCTION))("TerminateInstances", { InstanceIds: [first] });

    await pass(120_000);

    const now = await group();
    expect(now?.Instances?.map(({ LifecycleState }) => LifecycleState)).toEqual(["InService"]);
    expect(now?.Instances?.[0]?.InstanceId).not.toBe(first);
  });

  it("tell that the image cannot be launched at all", async () => {
    const { as, imageId, create, activities, pass } = await consumer(transport, ...forConsumer(LAUNCH_ACTIONS));
    await as("ec2")("ResetImageAttribute", { ImageId: imageId, Attribute: "launchPermission" });

    await create();
    await pass(20_000);

    expect((await activities())[0]).toMatchObject({
      StatusCode: "Failed",
      StatusMessage: `The image id '[${imageId}]' does not exist. Launching EC2 instance failed.`,
    });
  });

  it("are made by those who may launch by the template themselves", async () => {
    const { as, role } = await consumer(transport);
    const make = async (name: string, type: string) => {
      const launcher = await role(
        name,
        allow("autoscaling:*"),
        {
          Effect: "Allow",
          Action: "ec2:RunInstances",
          Resource: "arn:aws:ec2:*:*:instance/*",
          Condition: { StringEquals: { "ec2:InstanceType": type } },
        },
        { Effect: "Allow", Action: "ec2:RunInstances", NotResource: "arn:aws:ec2:*:*:instance/*" },
      );
      return as("autoscaling", launcher)("CreateAutoScalingGroup", {
        AutoScalingGroupName: name,
        LaunchTemplate: { LaunchTemplateName: "web" },
        MinSize: 0,
        MaxSize: 1,
        AvailabilityZones: [`${REGION}a`],
      });
    };

    await expect(make("small", "t3.micro")).resolves.toEqual({});
    await expect(make("large", "m7i.large")).rejects.toMatchObject({
      code: "AccessDenied",
      message: "You are not authorized to use launch template: web",
    });
  });

  it("are refused in Auto Scaling's words", async () => {
    const { create } = await consumer(transport);
    await create({ DesiredCapacity: 0 });

    await expect(create()).rejects.toMatchObject({ name: "AlreadyExistsFault" });
    const other = { AutoScalingGroupName: "other" };
    await expectRefusal(
      create({ ...other, DesiredCapacity: 4 }),
      "ValidationError",
      "Desired capacity:4 must be between the specified min size:0 and max size:3",
    );
    await expect(create({ ...other, MinSize: 2, DesiredCapacity: 1 })).rejects.toMatchObject({
      message: "Desired capacity:1 must be between the specified min size:2 and max size:3",
    });
    await expect(create({ ...other, AvailabilityZones: undefined })).rejects.toMatchObject({
      message: "At least one Availability Zone or VPC Subnet is required.",
    });
    await expect(create({ ...other, LaunchTemplate: { LaunchTemplateName: "none" } })).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringContaining("with template name none, does not exist"),
    });
    await expectRefusal(
      create({ ...other, TargetGroupARNs: ["arn:aws:x"] }),
      "NotImplemented",
      "autoscaling:CreateAutoScalingGroup is not built for TargetGroupARNs",
    );
  });
});
