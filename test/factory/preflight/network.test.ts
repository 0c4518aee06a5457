import {
  DeleteSubnetCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Tag,
} from "@aws-sdk/client-ec2";
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { inProcessHandler, startAws, VirtualClock } from "embedded-aws";
import { seedNetwork } from "embedded-aws/seeds";
import { beforeAll, expect, test } from "vitest";
import { readBlueprint } from "../../../cli/command/open-ledger.ts";
import { type ClientIn, runAll } from "../../../cli/factory/preflight/aws-check.ts";
import { givenRoles, networks } from "../../../cli/factory/preflight/network.ts";
import type { FactoryInput } from "../../../core/factory/factory-schema.ts";
import { clientOptions } from "../../../local/boot/client-options.ts";
import { factoryOf, HOME, imageOf } from "../../world/factory-of.ts";

const OWN = "111122223333";
const OTHER = "444455556666";
const BARE = "777788889999";

type Changes = Partial<FactoryInput>;
/** What the account has, by the names that the cases use. */
const ids: Record<string, string> = {};
let clientOf: (account: string) => ClientIn;

beforeAll(async () => {
  const account = (id: string, more = {}) => ({ id, name: id, ...more });
  const started = await startAws({
    clock: new VirtualClock(0),
    publicImages: [],
    organization: {
      management: account("999988887777"),
      accounts: [account(OWN), account(OTHER), account(BARE, { defaultVpc: false })],
    },
  });
  const { aws, url } = started;
  clientOf = (id) => (Class, region) =>
    new Class({ ...clientOptions(url, id, region), requestHandler: inProcessHandler(aws), maxAttempts: 1 } as never);
  seedNetwork(aws, OWN, { region: HOME, name: "nat" });
  seedNetwork(aws, OWN, { region: HOME, name: "closed", egress: "none", cidr: "10.1.0.0/16" });
  const endpoints = ["ssm", "ssmmessages", "imagebuilder", "s3"];
  seedNetwork(aws, OWN, { region: HOME, name: "endpoints", egress: "none", cidr: "10.2.0.0/16", endpoints });
  seedNetwork(aws, OWN, { region: "us-east-1", name: "elsewhere" });
  seedNetwork(aws, OTHER, { region: HOME, name: "theirs" });
  for (const [id, region] of [
    [OWN, HOME],
    [OWN, "us-east-1"],
    [OTHER, HOME],
  ] as const) {
    const ec2 = clientOf(id)(EC2Client, region);
    const nameOf = (Tags: readonly Tag[] = []) => Tags.find(({ Key }) => Key === "Name")?.Value ?? "";
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    for (const { VpcId = "", Tags } of Vpcs) if (nameOf(Tags)) ids[nameOf(Tags)] = VpcId;
    for (const { SubnetId = "", Tags } of Subnets) if (nameOf(Tags)) ids[nameOf(Tags)] = SubnetId;
  }
  await makeRoles(clientOf(OWN)(IAMClient, HOME));
  return () => started.close();
});

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trust = (Service: string) => policy({ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" });

async function makeRoles(iam: IAMClient): Promise<void> {
  for (const [RoleName, service] of [
    ["builder", "ec2.amazonaws.com"],
    ["plain", "ec2.amazonaws.com"],
    ["stranger", "lambda.amazonaws.com"],
    ["executor", "imagebuilder.amazonaws.com"],
    ["bound-executor", "imagebuilder.amazonaws.com"],
  ] as const) {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(service) }));
  }
  const PolicyArn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
  await iam.send(new AttachRolePolicyCommand({ RoleName: "builder", PolicyArn }));
  const PolicyDocument = policy({ Effect: "Allow", Action: "iam:PassRole", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: "executor", PolicyName: "passes", PolicyDocument }));
  const everything = { Effect: "Allow", Action: "*", Resource: "*" };
  await iam.send(new CreatePolicyCommand({ PolicyName: "wide", PolicyDocument: policy(everything) }));
  const noTables = { Effect: "Deny", Action: "dynamodb:PutItem", Resource: "*" };
  await iam.send(new CreatePolicyCommand({ PolicyName: "narrow", PolicyDocument: policy(everything, noTables) }));
}

/** The network and roles of a config, as an account. */
async function look(changes: Changes, account = OWN) {
  const factory = factoryOf({ images: { base: imageOf() }, ...changes });
  const blueprint = await readBlueprint();
  const asked = { factory, blueprint, account, caller: `arn:aws:iam::${account}:root`, client: clientOf(account) };
  return runAll([...networks(asked), ...givenRoles(asked)]);
}

const within = (vpc: string, ...subnets: string[]): Changes => ({
  network: { vpcId: ids[vpc] ?? vpc, subnetIds: subnets.map((one) => ids[one] ?? one) },
});
const tagged = (Name: string) => ({ tag: { Name } });
const none = "vpc-0a1b2c3d4e5f67890";

const networksThatFail: readonly (readonly [string, () => Changes, string, RegExp])[] = [
  ["a VPC of another account", () => within("theirs", "theirs-private-a"), "network.vpcId", /another account has it/],
  ["a VPC that does not exist", () => within(none, "nat-private-a"), "network.vpcId", /^no VPC vpc-0a1b/],
  ["a subnet of another VPC", () => within("nat", "closed-private-a"), "network.subnetIds[0]", /, not in vpc-/],
  [
    "a subnet of another region",
    () => within("nat", "nat-private-a", "elsewhere-private-a"),
    "network.subnetIds[1]",
    /^no subnet .* in eu-west-1/,
  ],
  [
    "a subnet without a way out",
    () => within("closed", "closed-private-a"),
    "network.subnetIds[0]",
    /no route to the internet, and no endpoint for ssm/,
  ],
  [
    "a security group of another VPC",
    () => ({ network: { ...within("nat", "nat-private-a").network!, securityGroupIds: ["sg-0a1b2c3d4e5f67890"] } }),
    "network.securityGroupIds[0]",
    /^no security group/,
  ],
];

test.each(networksThatFail)(
  "%s is refused with its path in the config and the fix",
  async (_, changes, where, found) => {
    const faults = (await look(changes())).filter(({ verdict }) => verdict !== "fine");

    expect(faults).toEqual([
      {
        check: "network",
        verdict: "fails",
        where,
        found: expect.stringMatching(found),
        breaks: expect.any(String),
        fix: expect.any(String),
      },
    ]);
  },
);

test.each([
  ["the default VPC", () => ({})],
  ["a VPC with a NAT gateway, by ids", () => within("nat", "nat-private-a", "nat-private-b")],
  ["a VPC by its tags", () => ({ network: { vpcId: tagged("nat"), subnetIds: [tagged("nat-private-a")] } })],
  ["a public subnet", () => within("nat", "nat-public-a")],
  ["a VPC with the endpoints that a build needs", () => within("endpoints", "endpoints-private-a")],
] as const)("%s is fine", async (_, changes) => {
  expect(await look(changes() as Changes)).toMatchObject([{ check: "network", verdict: "fine" }]);
});

test("an account without a default VPC, and a default VPC without subnets, are refused", async () => {
  const without = await look({}, BARE);
  const ec2 = clientOf(OTHER)(EC2Client, HOME);
  const { Subnets = [] } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: "default-for-az", Values: ["true"] }] }),
  );
  for (const { SubnetId } of Subnets) await ec2.send(new DeleteSubnetCommand({ SubnetId }));

  expect(without).toMatchObject([{ where: "network", verdict: "fails", found: "no default VPC in eu-west-1" }]);
  expect(await look({}, OTHER)).toMatchObject([
    { where: "network", verdict: "fails", found: expect.stringMatching(/^the default VPC vpc-\w+ has no subnets$/) },
  ]);
});

test.each([
  ["a role that does not exist", { instanceRole: "missing" }, "instanceRole", "no role missing in the account"],
  ["a role of another account", { instanceRole: `arn:aws:iam::${OTHER}:role/builder` }, "instanceRole", "no role arn"],
  [
    "a role that instances cannot take",
    { instanceRole: "stranger" },
    "instanceRole",
    "does not trust ec2.amazonaws.com",
  ],
  ["a role without Systems Manager", { instanceRole: "plain" }, "instanceRole", "lacks AmazonSSMManagedInstanceCore"],
  [
    "a role that Image Builder may not pass",
    { instanceRole: "builder", executionRole: "bound-executor" },
    "instanceRole",
    "bound-executor may not pass builder",
  ],
  [
    "a boundary that forbids what roles need",
    { permissionsBoundary: `arn:aws:iam::${OWN}:policy/narrow` },
    "permissionsBoundary",
    "forbids dynamodb:PutItem",
  ],
  [
    "a boundary that does not exist",
    { permissionsBoundary: `arn:aws:iam::${OWN}:policy/none` },
    "permissionsBoundary",
    "no policy",
  ],
])("%s is refused with its path in the config and the fix", async (_, changes, where, found) => {
  const faults = (await look(changes)).filter(({ verdict }) => verdict !== "fine");

  expect(faults).toMatchObject([
    { where, verdict: "fails", found: expect.stringContaining(found), fix: expect.any(String) },
  ]);
});

test("roles and a boundary that fit are fine", async () => {
  const wide = `arn:aws:iam::${OWN}:policy/wide`;

  const checks = await look({ instanceRole: "builder", executionRole: "executor", permissionsBoundary: wide });

  expect(checks.map(({ where, verdict }) => [where, verdict])).toEqual([
    ["network", "fine"],
    ["instanceRole", "fine"],
    ["executionRole", "fine"],
    ["permissionsBoundary", "fine"],
  ]);
});
