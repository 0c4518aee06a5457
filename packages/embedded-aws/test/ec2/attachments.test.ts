import { describe, expect, it, test } from "vitest";
import { refusalOf } from "../expect-refusal.ts";
import { anAws, anImage } from "./an-aws.ts";

async function launched() {
  const { aws, by, clock } = anAws();
  const ec2 = by("ec2");
  const ImageId = anImage(aws, "golden");
  const TagSpecifications = [{ ResourceType: "volume", Tags: [{ Key: "team", Value: "images" }] }];
  const input = { ImageId, MinCount: 1, MaxCount: 1, InstanceType: "t3.micro", TagSpecifications };
  const { Instances = [] } = await ec2("RunInstances", input);
  await clock.runUntil(clock.now() + 60_000);
  const InstanceId = Instances[0]?.InstanceId ?? "";
  const volumes = async (more: object = {}) => (await ec2("DescribeVolumes", more)).Volumes ?? [];
  const interfaces = async (more: object = {}) =>
    (await ec2("DescribeNetworkInterfaces", more)).NetworkInterfaces ?? [];
  const terminate = async () => {
    await ec2("TerminateInstances", { InstanceIds: [InstanceId] });
    await clock.runUntil(clock.now() + 60_000);
  };
  return { ec2, instance: Instances[0], InstanceId, volumes, interfaces, terminate };
}

const of = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });

test("an instance's volumes are found, and end with it", async () => {
  const { InstanceId, volumes, terminate } = await launched();

  const [volume] = await volumes(of("attachment.instance-id", InstanceId));

  expect(volume).toMatchObject({
    Size: 8,
    State: "in-use",
    Encrypted: false,
    Attachments: [{ InstanceId, Device: "/dev/xvda", State: "attached" }],
    Tags: [{ Key: "team", Value: "images" }],
  });
  expect(await volumes({ VolumeIds: [volume?.VolumeId] })).toHaveLength(1);
  expect(await volumes(of("tag:team", "others"))).toEqual([]);
  await terminate();
  expect(await volumes()).toEqual([]);
});

test("an instance's network interface is found, and ends with it", async () => {
  const { instance, interfaces, terminate } = await launched();
  const group = instance?.SecurityGroups?.[0]?.GroupId ?? "";

  expect(await interfaces(of("group-id", group))).toMatchObject([
    {
      Attachment: { InstanceId: instance?.InstanceId, Status: "attached" },
      Groups: [{ GroupId: group }],
      NetworkInterfaceId: instance?.NetworkInterfaces?.[0]?.NetworkInterfaceId,
      PrivateIpAddress: instance?.PrivateIpAddress,
      Status: "in-use",
      SubnetId: instance?.SubnetId,
    },
  ]);
  expect(await interfaces(of("group-id", "sg-00000000000000000"))).toEqual([]);
  await terminate();
  expect(await interfaces()).toEqual([]);
});

describe("instance types", () => {
  it("are described by name and by filter", async () => {
    const { ec2 } = await launched();

    expect(await ec2("DescribeInstanceTypes", { InstanceTypes: ["t3.micro", "m7g.large"] })).toMatchObject({
      InstanceTypes: [
        {
          InstanceType: "t3.micro",
          BurstablePerformanceSupported: true,
          MemoryInfo: { SizeInMiB: 1024 },
          ProcessorInfo: { SupportedArchitectures: ["x86_64"] },
          VCpuInfo: { DefaultVCpus: 2 },
        },
        {
          InstanceType: "m7g.large",
          BurstablePerformanceSupported: false,
          MemoryInfo: { SizeInMiB: 8192 },
          ProcessorInfo: { SupportedArchitectures: ["arm64"] },
          VCpuInfo: { DefaultVCpus: 2 },
        },
      ],
    });
    const nano = { InstanceType: "t4g.nano" };
    expect(await ec2("DescribeInstanceTypes", of("instance-type", "t4g.n*"))).toMatchObject({ InstanceTypes: [nano] });
  });
});

test("a group's rules are found one by one, with their tags", async () => {
  const { ec2 } = await launched();
  const { GroupId } = await ec2<{ GroupId: string }>("CreateSecurityGroup", { GroupName: "g", Description: "d" });
  const rules = async (more: object) => (await ec2("DescribeSecurityGroupRules", more)).SecurityGroupRules ?? [];
  await ec2("AuthorizeSecurityGroupIngress", {
    GroupId,
    IpPermissions: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
    TagSpecifications: [{ ResourceType: "security-group-rule", Tags: [{ Key: "why", Value: "https" }] }],
  });

  expect(await rules(of("group-id", GroupId))).toMatchObject([
    { IsEgress: true, IpProtocol: "-1", CidrIpv4: "0.0.0.0/0", Tags: [] },
    { IsEgress: false, FromPort: 443, ToPort: 443, CidrIpv4: "10.0.0.0/8", Tags: [{ Key: "why", Value: "https" }] },
  ]);
  const [tagged] = await rules(of("tag:why", "https"));
  expect(await rules({ SecurityGroupRuleIds: [tagged?.SecurityGroupRuleId] })).toHaveLength(1);
});

test("volumes, network interfaces and rules are tagged and untagged by their ids", async () => {
  const { ec2, volumes, interfaces } = await launched();
  const { GroupId } = await ec2<{ GroupId: string }>("CreateSecurityGroup", { GroupName: "g", Description: "d" });
  const rules = async () => {
    const found = await ec2("DescribeSecurityGroupRules", of("group-id", GroupId));
    return found.SecurityGroupRules ?? [];
  };
  const ids = [
    (await volumes())[0]?.VolumeId,
    (await interfaces())[0]?.NetworkInterfaceId,
    (await rules())[0]?.SecurityGroupRuleId,
  ];
  const Tags = [{ Key: "stage", Value: "live" }];

  await ec2("CreateTags", { Resources: ids, Tags });
  await ec2("DeleteTags", { Resources: ids.slice(0, 1), Tags: [{ Key: "team" }] });

  expect((await volumes())[0]?.Tags).toEqual(Tags);
  expect((await interfaces(of("tag:stage", "live")))[0]?.TagSet).toEqual(Tags);
  expect((await rules())[0]?.Tags).toEqual(Tags);
  expect(await ec2("DescribeTags", of("resource-type", "security-group-rule"))).toMatchObject({
    Tags: [{ ResourceId: ids[2], ...Tags[0] }],
  });
});

const missing: [string, object, string, string][] = [
  [
    "CreateTags",
    { Resources: ["vol-0a"], Tags: [{ Key: "a", Value: "b" }] },
    "InvalidVolume.NotFound",
    "The volume 'vol-0a' does not exist.",
  ],
  ["DescribeVolumes", { VolumeIds: ["vol-0a"] }, "InvalidVolume.NotFound", "The volume 'vol-0a' does not exist."],
  [
    "DescribeNetworkInterfaces",
    { NetworkInterfaceIds: ["eni-0a"] },
    "InvalidNetworkInterfaceID.NotFound",
    "The networkInterface ID 'eni-0a' does not exist",
  ],
  [
    "DescribeInstanceTypes",
    { InstanceTypes: ["t9.huge"] },
    "InvalidInstanceType",
    "The following supplied instance types do not exist: [t9.huge]",
  ],
  [
    "DescribeSecurityGroupRules",
    { SecurityGroupRuleIds: ["sgr-0a"] },
    "InvalidSecurityGroupRuleId.NotFound",
    "The security group rule ID 'sgr-0a' does not exist",
  ],
  ["DescribeVolumes", of("colour", "red"), "InvalidParameterValue", "The filter 'colour' is invalid"],
];
it.each(missing)("%s of what is not there is refused: %o", async (operation, input, code, message) => {
  const { by } = anAws();

  expect(await refusalOf(by("ec2")(operation, input))).toMatchObject({ code, message });
});
