import type { RunInstancesCommandOutput } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { anAws, anImage } from "./an-aws.ts";

async function twoGroups() {
  const { aws, by, clock } = anAws();
  const ec2 = by("ec2");
  const make = async (GroupName: string) =>
    (await ec2<{ GroupId: string }>("CreateSecurityGroup", { GroupName, Description: "x" })).GroupId;
  const GroupId = await make("used");
  const other = await make("other");
  const remove = () => ec2("DeleteSecurityGroup", { GroupId });
  const violation = { code: "DependencyViolation", message: `resource ${GroupId} has a dependent object` };
  return { aws, clock, ec2, GroupId, other, remove, violation };
}

test("a security group that another group's rule names cannot be deleted", async () => {
  const { ec2, GroupId, other, remove, violation } = await twoGroups();
  const IpPermissions = [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, UserIdGroupPairs: [{ GroupId }] }];

  await ec2("AuthorizeSecurityGroupIngress", { GroupId: other, IpPermissions });
  await expect(remove()).rejects.toMatchObject(violation);
  await ec2("RevokeSecurityGroupIngress", { GroupId: other, IpPermissions });

  expect(await remove()).toMatchObject({ GroupId });
});

test("a security group cannot be deleted while an instance has it", async () => {
  const { aws, clock, ec2, GroupId, remove, violation } = await twoGroups();
  const ImageId = anImage(aws, "golden");
  const { Instances = [] } = await ec2<RunInstancesCommandOutput>("RunInstances", {
    ...{ ImageId, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 },
    SecurityGroupIds: [GroupId],
  });

  await expect(remove()).rejects.toMatchObject(violation);
  await ec2("TerminateInstances", { InstanceIds: Instances.map(({ InstanceId }) => InstanceId) });
  await clock.runUntil(clock.now() + 600_000);

  expect(await remove()).toMatchObject({ GroupId });
});
