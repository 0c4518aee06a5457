import type { DescribeVpcsCommandOutput } from "@aws-sdk/client-ec2";
import { describe, expect, it, test } from "vitest";
import { refusalOf } from "../expect-refusal.ts";
import { anAws, anImage, OTHER_REGION, STRANGER } from "./an-aws.ts";

const vpcOf = (vpcs: DescribeVpcsCommandOutput) => vpcs.Vpcs?.[0]?.VpcId;

describe("the default network", () => {
  it("is there from the start, the same on every run, and another in each account and region", async () => {
    const [one, two] = [anAws(), anAws()];

    const ids = await Promise.all([
      one.by("ec2")("DescribeVpcs").then(vpcOf),
      two.by("ec2")("DescribeVpcs").then(vpcOf),
      one.by("ec2", STRANGER)("DescribeVpcs").then(vpcOf),
      one.by("ec2", undefined, OTHER_REGION)("DescribeVpcs").then(vpcOf),
    ]);

    expect(ids[0]).toMatch(/^vpc-[0-9a-f]{17}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  it("has a default subnet in each zone", async () => {
    const { by } = anAws();

    const { Subnets } = await by("ec2")("DescribeSubnets", { Filters: [{ Name: "default-for-az", Values: ["true"] }] });

    expect(Subnets?.map((subnet) => subnet.AvailabilityZone)).toEqual(["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
  });
});

describe("a security group", () => {
  const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };

  it("allows all outbound traffic until that rule is revoked", async () => {
    const { by } = anAws();
    const ec2 = by("ec2");
    const egress = async (GroupId: string) =>
      (await ec2("DescribeSecurityGroups", { GroupIds: [GroupId] })).SecurityGroups?.[0]?.IpPermissionsEgress;

    const { GroupId } = await ec2<{ GroupId: string }>("CreateSecurityGroup", { GroupName: "build", Description: "x" });
    const born = await egress(GroupId);
    await ec2("RevokeSecurityGroupEgress", {
      GroupId,
      IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    });
    const added = await ec2("AuthorizeSecurityGroupEgress", { GroupId, IpPermissions: [https] });

    expect(born).toMatchObject([{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }]);
    expect(added.SecurityGroupRules).toMatchObject([{ IsEgress: true, CidrIpv4: "0.0.0.0/0", FromPort: 443 }]);
    expect(await egress(GroupId)).toMatchObject([https]);
  });

  it("refuses the same name or rule twice, and to revoke what isn't there", async () => {
    const { by } = anAws();
    const ec2 = by("ec2");
    const { GroupId } = await ec2<{ GroupId: string }>("CreateSecurityGroup", { GroupName: "build", Description: "x" });

    const name = await refusalOf(ec2("CreateSecurityGroup", { GroupName: "build", Description: "x" }));
    const missing = await refusalOf(ec2("RevokeSecurityGroupEgress", { GroupId, IpPermissions: [https] }));
    await ec2("AuthorizeSecurityGroupEgress", { GroupId, IpPermissions: [https] });
    const twice = await refusalOf(ec2("AuthorizeSecurityGroupEgress", { GroupId, IpPermissions: [https] }));

    expect(name.code).toBe("InvalidGroup.Duplicate");
    expect(missing.code).toBe("InvalidPermission.NotFound");
    expect(twice).toMatchObject({
      code: "InvalidPermission.Duplicate",
      message: 'the specified rule "peer: 0.0.0.0/0, tcp, ALLOW" already exists',
    });
  });
});

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
  const { Instances = [] } = await ec2("RunInstances", {
    ...{ ImageId, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 },
    SecurityGroupIds: [GroupId],
  });

  await expect(remove()).rejects.toMatchObject(violation);
  await ec2("TerminateInstances", { InstanceIds: Instances.map(({ InstanceId }) => InstanceId) });
  await clock.runUntil(clock.now() + 600_000);

  expect(await remove()).toMatchObject({ GroupId });
});
