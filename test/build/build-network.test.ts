import { expect, test } from "vitest";
import { buildNetworkOf } from "../../core/build/build-network.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";

const network = {
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupIds: ["sg-1"],
  publicIp: false,
} as const;

const factory = (own: Record<string, object | undefined>, whole: object | undefined = network) =>
  ({
    network: whole,
    images: Object.fromEntries(Object.entries(own).map(([name, one]) => [name, { network: one }])),
  }) as unknown as Factory;

test("images are spread over the factory's subnets", () => {
  const three = factory({ one: undefined, two: undefined, three: undefined });

  const subnets = Object.keys(three.images).map((name) => buildNetworkOf(three, name)?.subnetId);

  expect(subnets).toEqual(["subnet-a", "subnet-b", "subnet-a"]);
});

test("an image's own settings come before the factory's; another VPC takes none of the factory's groups", () => {
  const some = factory({
    subnet: { subnetIds: ["subnet-c"] },
    group: { securityGroupIds: ["sg-2"], publicIp: true },
    vpc: { vpcId: "vpc-2", subnetIds: ["subnet-d"] },
  });

  const networks = Object.keys(some.images).map((name) => buildNetworkOf(some, name));

  expect(networks).toEqual([
    { vpcId: "vpc-1", subnetId: "subnet-c", securityGroupIds: ["sg-1"], publicIp: false },
    { vpcId: "vpc-1", subnetId: "subnet-b", securityGroupIds: ["sg-2"], publicIp: true },
    { vpcId: "vpc-2", subnetId: "subnet-d", publicIp: false },
  ]);
});

test("without a network, images are built in the default VPC", () => {
  expect(buildNetworkOf({ ...factory({ one: undefined }), network: undefined } as Factory, "one")).toBeUndefined();
});
