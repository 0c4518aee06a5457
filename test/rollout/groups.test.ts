import { AutoScalingClient, CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  EC2Client,
  ModifyImageAttributeCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { VirtualClock } from "embedded-aws";
import { expect, test } from "vitest";
import { toOptedIn } from "../../adapters/rollout/groups.ts";
import { listInstances } from "../../adapters/rollout/instances.ts";
import { HOME } from "../world/factory-of.ts";
import { MINUTE } from "../world/time.ts";
import { openWorld } from "../world/world.ts";

const where = { account: "400000000001", region: HOME };

test("a group with a mixed instances policy has that policy's template and overrides, whole", () => {
  const LaunchTemplateSpecification = { LaunchTemplateId: "lt-0123456789abcdef0" };
  const Overrides = [{ InstanceType: "m7i.large", ImageId: "ami-0123456789abcdef0", WeightedCapacity: "2" }];
  const InstancesDistribution = { OnDemandBaseCapacity: 1 };

  const group = toOptedIn(
    {
      AutoScalingGroupName: "web",
      MinSize: 1,
      MaxSize: 4,
      DesiredCapacity: 2,
      DefaultCooldown: 300,
      AvailabilityZones: [],
      HealthCheckType: "EC2",
      CreatedTime: new Date(0),
      MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification, Overrides }, InstancesDistribution },
      SuspendedProcesses: [{ ProcessName: "InstanceRefresh", SuspensionReason: "User suspended at ..." }],
      Instances: [
        {
          InstanceId: "i-0123456789abcdef0",
          AvailabilityZone: "eu-west-1a",
          LifecycleState: "Standby",
          HealthStatus: "Unhealthy",
          ProtectedFromScaleIn: true,
        },
      ],
    },
    where,
  );

  expect(group).toMatchObject({
    template: { id: "lt-0123456789abcdef0", version: "$Default" },
    mixed: { overrides: Overrides, distribution: InstancesDistribution },
    suspended: ["InstanceRefresh"],
    instances: [{ id: "i-0123456789abcdef0", lifecycle: "Standby", healthy: false, protectedFromScaleIn: true }],
  });
});

test("instances come with the AMIs that they run, of the named groups alone, and not once they are gone", async () => {
  const world = await openWorld({ clock: new VirtualClock(Date.now()) });
  const { amis } = await world.addBuild(1);
  const ami = amis[HOME] ?? "";
  const ec2 = world.client(EC2Client, where);
  const LaunchTemplateData = { ImageId: ami, InstanceType: "t3.micro" as const };
  const template = new CreateLaunchTemplateCommand({ LaunchTemplateName: "web", LaunchTemplateData });
  await world
    .client(EC2Client)
    .send(new ModifyImageAttributeCommand({ ImageId: ami, LaunchPermission: { Add: [{ UserId: where.account }] } }));
  const { LaunchTemplate } = await ec2.send(template);
  const make = (AutoScalingGroupName: string, DesiredCapacity: number) =>
    world.client(AutoScalingClient, where).send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName,
        LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: "1" },
        MinSize: 0,
        MaxSize: 3,
        DesiredCapacity,
        AvailabilityZones: [`${HOME}a`],
      }),
    );
  await make("web*", 2);
  await make("web-other", 1);
  await make("late", 1);
  await world.pass(10 * MINUTE);
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  // More than one request names.
  const many = Array.from({ length: 205 }, (_, nth) => `none-${nth}`);

  const found = await listInstances(ec2, ["web*", ...many, "late"]);
  const [first] = found;
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [first?.id ?? ""] }));
  await world.pass(MINUTE);
  const left = await listInstances(ec2, ["web*"]);

  expect(Reservations.length).toBe(4);
  expect(found.map((one) => [one.group, one.ami])).toEqual([
    ["web*", ami],
    ["web*", ami],
    ["late", ami],
  ]);
  expect(left.map(({ id }) => id)).not.toContain(first?.id);
});
