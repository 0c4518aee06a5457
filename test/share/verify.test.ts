import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeImagesCommand, DescribeInstancesCommand, DescribeLaunchTemplatesCommand } from "@aws-sdk/client-ec2";
import { GetResourceSharesCommand, RAMClient } from "@aws-sdk/client-ram";
import { removeDefaultVpcs, seedNetwork } from "embedded-aws/seeds";
import { expect, test } from "vitest";
import { read } from "../../adapters/ledger/reads.ts";
import { listVerifications, verifiedAt } from "../../adapters/share/verifications.ts";
import { prepareImage } from "../../functions/share/prepare-image.ts";
import { HOME } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
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

type World = Awaited<ReturnType<typeof openVerifying>>;

const verifiedBy = ({ said }: World) => said.find(({ name }) => name === "share.verified")?.detail;

const launchesIn = async (world: World, account: string): Promise<(string | undefined)[]> => {
  const { Reservations = [] } = await world.ec2(account).send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ ImageId }) => ImageId));
};

test("accounts without a network to launch in are reported as not tried, and the channel may move", async () => {
  const world = await openVerifying();
  for (const account of [ASKED, CANARY]) removeDefaultVpcs(world.aws, account);

  const failed = await world.verify();

  const notTried = "a network to launch in: the account has no default VPC in the region";
  expect(failed).toBeUndefined();
  expect(await read(world.ledger, verifiedAt({ ...world.asked }))).toBe(world.ami);
  expect(verifiedBy(world)).toMatchObject({
    accounts: [
      { account: CANARY, proof: "decryptable", notTried },
      { account: ASKED, proof: "decryptable", notTried },
    ],
  });
  expect(await launchesIn(world, CANARY)).toEqual([]);
});

test("a subnet by id or by tag is launched in where an account has no default VPC", async () => {
  const subnets = { "*": { tag: { Name: "images-private-a" } } };
  const world = await openVerifying({ consumers: { subnets } });
  await world.grantAutoScaling(CANARY);
  for (const account of [ASKED, CANARY]) {
    removeDefaultVpcs(world.aws, account);
    seedNetwork(world.aws, account, { region: HOME, name: "images", egress: "none" });
  }

  const failed = await world.verify();

  expect(failed).toBeUndefined();
  expect(verifiedBy(world)).toMatchObject({
    accounts: [
      { account: CANARY, proof: "launched" },
      { account: ASKED, proof: "decryptable" },
    ],
  });
  expect(JSON.stringify(verifiedBy(world))).not.toContain("notTried");
  expect(await launchesIn(world, CANARY)).toEqual([world.ami, world.ami]);
});

test("tags that no subnet has are reported as not tried, with their path in the config", async () => {
  const world = await openVerifying({ consumers: { subnets: { [ASKED]: { tag: { Name: "none" } } } } });
  await world.grantAutoScaling(CANARY);

  const failed = await world.verify();

  expect(failed).toBeUndefined();
  expect(verifiedBy(world)).toMatchObject({
    accounts: [
      { account: CANARY, proof: "launched" },
      { account: ASKED, notTried: "a network to launch in: no subnet has the tags that consumers.subnets names" },
    ],
  });
});

test("AMIs, canaries and shares that functions make have the config's resourceTags", async () => {
  const world = await openVerifying({ resourceTags: { "cost-center": "42" } });
  await world.grantAutoScaling(CANARY);
  const step = world.step();
  const settings = { ...step.settings, env: { SOURCE_COMMIT: "unknown" } };

  await prepareImage(world.asked, { ...step, settings } as Parameters<typeof prepareImage>[1]);
  await world.verify();
  await world.publish();

  const { Images = [] } = await world.ec2(FACTORY).send(new DescribeImagesCommand({ ImageIds: [world.ami] }));
  const { Reservations = [] } = await world.ec2(CANARY).send(new DescribeInstancesCommand({}));
  const shares = await world.client(RAMClient).send(new GetResourceSharesCommand({ resourceOwner: "SELF" }));
  const tag = { Key: "cost-center", Value: "42" };
  expect(Images[0]?.Tags).toContainEqual(tag);
  expect(Reservations[0]?.Instances?.[0]?.Tags).toContainEqual(tag);
  expect(shares.resourceShares?.[0]?.tags).toContainEqual({ key: tag.Key, value: tag.Value });
});
