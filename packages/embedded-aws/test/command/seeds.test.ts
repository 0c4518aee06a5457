import { describe, expect, onTestFinished, test } from "vitest";
import { readSeed } from "../../src/command/read-organization.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { startAws } from "../../src/start-aws.ts";
import { expectRefusal } from "../expect-refusal.ts";
import type { TypedCall } from "../typed-call.ts";

const FACTORY = "111122223333";
const REGION = "eu-west-1";

/** EC2 of the factory's account, as the command starts it with `--seed`. */
async function ec2Of(seed: string | undefined): Promise<TypedCall<"ec2">> {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1));
  const { aws, close } = await startAws({ clock, organization: await readSeed(seed), publicImages: [REGION] });
  onTestFinished(close);
  const caller = { principal: accountPrincipal(FACTORY), region: REGION };
  return (operation: string, input: object = {}) => aws.call<never>("ec2", operation, input, caller);
}

const group = { GroupName: "web", Description: "An ordinary group" };

describe("Without a seed the factory's account has", () => {
  test("a default VPC, in which an ordinary security group is created", async () => {
    const ec2 = await ec2Of(undefined);
    const { Vpcs: [vpc] = [] } = await ec2("DescribeVpcs", { Filters: [{ Name: "is-default", Values: ["true"] }] });

    const { GroupId = "" } = await ec2("CreateSecurityGroup", group);
    const { SecurityGroups } = await ec2("DescribeSecurityGroups", { GroupIds: [GroupId] });

    expect(vpc).toMatchObject({ IsDefault: true, CidrBlock: "172.31.0.0/16", OwnerId: FACTORY });
    expect(SecurityGroups).toMatchObject([{ VpcId: vpc?.VpcId }]);
  });

  test("its default subnets, security group and internet gateway", async () => {
    const ec2 = await ec2Of(undefined);
    const { Vpcs: [vpc] = [] } = await ec2("DescribeVpcs", { Filters: [{ Name: "is-default", Values: ["true"] }] });
    const inVpc = [{ Name: "vpc-id", Values: [vpc?.VpcId ?? ""] }];

    const { Subnets = [] } = await ec2("DescribeSubnets", { Filters: inVpc });
    const { SecurityGroups } = await ec2("DescribeSecurityGroups", { Filters: inVpc });
    const { RouteTables } = await ec2("DescribeRouteTables", { Filters: inVpc });

    expect(Subnets.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
    expect(Subnets.every(({ DefaultForAz, MapPublicIpOnLaunch }) => DefaultForAz && MapPublicIpOnLaunch)).toBe(true);
    expect(SecurityGroups).toMatchObject([{ GroupName: "default" }]);
    expect(RouteTables).toMatchObject([
      {
        Routes: [
          { GatewayId: "local" },
          { DestinationCidrBlock: "0.0.0.0/0", GatewayId: expect.stringMatching(/^igw-/) },
        ],
      },
    ]);
  });

  test("the private network of the example factory beside it", async () => {
    const ec2 = await ec2Of(undefined);

    const { Vpcs = [] } = await ec2("DescribeVpcs");

    expect(Vpcs.map(({ IsDefault, Tags }) => [IsDefault, Tags?.[0]?.Value])).toEqual([
      [true, undefined],
      [false, "image-builds"],
    ]);
  });
});

test("With the seed landing-zone it has no default VPC, only private subnets", async () => {
  const ec2 = await ec2Of("landing-zone");

  const { Vpcs } = await ec2("DescribeVpcs");

  expect(Vpcs).toMatchObject([{ IsDefault: false, Tags: [{ Key: "Name", Value: "image-builds" }] }]);
  await expectRefusal(ec2("CreateSecurityGroup", group), "VPCIdNotSpecified", "No default VPC for this user");
});

test("Both seeds have the same accounts", async () => {
  const [usual, landingZone] = await Promise.all([readSeed(undefined), readSeed("landing-zone")]);
  const [factory, ...others] = landingZone.accounts ?? [];

  expect({ ...landingZone, accounts: [{ ...factory, defaultVpc: undefined }, ...others] }).toEqual(usual);
});
