import { expect, test } from "vitest";
import { defineFactory } from "../../core/factory/define-factory.ts";
import { configWith, faultsIn } from "./faults.ts";

const VPC = "vpc-0a1b2c3d4e5f67890";
const SUBNET = "subnet-0a1b2c3d4e5f67890";
const ROLE = "arn:aws:iam::111122223333:role/builds/instances";

const organization = { id: "o-exampleorgid", managementAccountId: "999988887777", rootId: "r-exam" };

const faultsOf = (changes: object, image?: object) =>
  faultsIn(() => defineFactory(configWith({ organization, ...changes }, image)));

test("a network by ids, by tags, with an image's own subnets, roles and tags can be used", () => {
  const network = { vpcId: { tag: { Name: "build" } }, subnetIds: [SUBNET, { tag: { "aws:cloudformation:id": "A" } }] };

  const faults = faultsOf(
    {
      network: { ...network, securityGroupIds: ["sg-0a1b2c3d"], publicIp: true },
      instanceRole: ROLE,
      executionRole: "image-builder",
      permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess",
      instanceTypes: { x86_64: ["m7i-flex.large"] },
      instanceTags: { team: "images" },
      resourceTags: { "cost-center": "42" },
      consumers: {
        verify: ["400000000001"],
        subnets: { "400000000001": { "eu-west-1": SUBNET }, "*": { tag: { a: "b" } } },
      },
    },
    { network: { subnetIds: [SUBNET] } },
  );

  expect(faults).toEqual([]);
});

const vpcId = 'a VPC ID such as "vpc-0a1b2c3d4e5f67890", or { tag: { Name: "image-builds" } }';
const subnetId = 'a subnet ID such as "subnet-0a1b2c3d4e5f67890", or { tag: { Name: "image-builds" } }';
const another = "account 222233334444";

test.each(
  Object.entries<[object, string, object?]>({
    "a malformed VPC": [
      { network: { vpcId: "vpc-1", subnetIds: [SUBNET] } },
      `network.vpcId: expected ${vpcId}, found "vpc-1"`,
    ],
    "a VPC in the place of a subnet": [
      { network: { vpcId: VPC, subnetIds: [VPC] } },
      `network.subnetIds[0]: expected ${subnetId}, found "${VPC}"`,
    ],
    "a VPC without subnets": [
      { network: { vpcId: VPC } },
      "network.subnetIds: expected a list of string (a subnet ID) or object, at least 1 item, found nothing",
    ],
    "no subnets": [{ network: { vpcId: VPC, subnetIds: [] } }, "network.subnetIds: expected at least 1 item, found []"],
    "subnets without their VPC": [
      { network: { subnetIds: [SUBNET] } },
      `network.vpcId: expected ${vpcId}, found nothing`,
    ],
    "no tags": [
      { network: { vpcId: { tag: {} }, subnetIds: [SUBNET] } },
      'network.vpcId.tag: expected at least one tag such as { Name: "image-builds" }, found {}',
    ],
    "an image that overrides a network that does not exist": [
      {},
      "images.base.network.vpcId: expected a VPC, because the factory has no network",
      { network: { subnetIds: [SUBNET] } },
    ],
    "an image with another VPC and no subnets of it": [
      { network: { vpcId: VPC, subnetIds: [SUBNET] } },
      'images.base.network.subnetIds: expected subnets of the VPC that network.vpcId names, found {"vpcId":"vpc-11111111111111111"}',
      { network: { vpcId: "vpc-11111111111111111" } },
    ],
    "a role that is a user": [
      { instanceRole: "arn:aws:iam::111122223333:user/ada" },
      'instanceRole: expected a role name or ARN such as "arn:aws:iam::111122223333:role/image-builds", found "arn:aws:iam::111122223333:user/ada"',
    ],
    "all parameters for builds": [
      { instanceParameters: ["*"] },
      'instanceParameters[0]: expected the name of a parameter such as "/builds/token", or those below a path such as "/builds/*", found "*"',
    ],
    "a managedCore that is a text": [{ managedCore: "yes" }, 'managedCore: expected a boolean, found "yes"'],
    "roles of two accounts": [
      { instanceRole: ROLE, executionRole: "arn:aws:iam::222233334444:role/image-builder" },
      `executionRole: expected an ARN of the factory's account, which is 111122223333 in instanceRole, found ${another}`,
    ],
    "a boundary that is a role": [
      { permissionsBoundary: ROLE },
      `permissionsBoundary: expected the ARN of a managed policy such as "arn:aws:iam::111122223333:policy/boundary", found "${ROLE}"`,
    ],
    "a boundary of another account": [
      { instanceRole: ROLE, permissionsBoundary: "arn:aws:iam::222233334444:policy/boundary" },
      `permissionsBoundary: expected an ARN of the factory's account, which is 111122223333 in instanceRole, found ${another}`,
    ],
    "a tag of Amint's": [
      { resourceTags: { "amint:factory": "other" } },
      'resourceTags.amint:factory: expected a tag key of 1 to 127 characters that does not begin with "aws:" or "amint:" and is not one of Image Builder\'s, "CreatedBy" and "Ec2ImageBuilderArn", found "amint:factory"',
    ],
    "a subnet of an account that is not asked": [
      { consumers: { verify: ["400000000001"], subnets: { "500000000001": { tag: { a: "b" } } } } },
      'consumers.subnets["500000000001"]: expected "*" or an account of consumers.verify or consumers.canary (400000000001), found "500000000001"',
    ],
    "a subnet of another region": [
      { consumers: { verify: ["400000000001"], subnets: { "*": { "us-east-1": SUBNET } } } },
      'consumers.subnets["*"]["us-east-1"]: expected one of eu-west-1, found "us-east-1"',
    ],
  }),
)("Refused with its path: %s", (_, [changes, fault, image]) => {
  expect(faultsOf(changes, image)).toEqual([fault]);
});
