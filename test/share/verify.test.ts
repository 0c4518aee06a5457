import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, DescribeLaunchTemplatesCommand } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { listVerifications } from "../../adapters/share/verifications.ts";
import { ASKED, CANARY, openVerifying } from "./verify-world.ts";

test("a build is launchable once an instance of it ran in the canary's account, by itself and by Auto Scaling", async () => {
  const world = await openVerifying();
  await world.grantAutoScaling(CANARY);

  const failed = await world.verify();

  expect(failed).toBeUndefined();
  expect(world.said.filter(({ name }) => name.startsWith("share."))).toEqual([
    {
      name: "share.verified",
      detail: {
        ...world.asked,
        amiId: world.ami,
        accounts: [
          { account: CANARY, proof: "launched" },
          { account: ASKED, proof: "decryptable" },
        ],
      },
    },
  ]);
  const verifications = await listVerifications(world.ledger, world.build);
  expect(verifications.map(({ account, proof }) => [account, proof])).toEqual([
    [CANARY, "launched"],
    [ASKED, "decryptable"],
  ]);
  await world.pass(120_000);
  const { Reservations = [] } = await world.ec2(CANARY).send(new DescribeInstancesCommand({}));
  const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
  expect(instances.map(({ ImageId, State }) => [ImageId, State?.Name])).toEqual([
    [world.ami, "terminated"],
    [world.ami, "terminated"],
  ]);
  const { LaunchTemplates } = await world.ec2(CANARY).send(new DescribeLaunchTemplatesCommand({}));
  expect(LaunchTemplates).toEqual([]);
  const { AutoScalingGroups } = await world.autoScaling(CANARY).send(new DescribeAutoScalingGroupsCommand({}));
  expect(AutoScalingGroups).toEqual([]);
});
