import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { removeDefaultVpcs, seedNetwork } from "embedded-aws/seeds";
import { expect, test } from "vitest";
import { read } from "../../adapters/ledger/wanted.ts";
import { verifiedAt } from "../../adapters/share/verifications.ts";
import { HOME } from "../world/factory-of.ts";
import { ASKED, CANARY, openVerifying } from "./verify-world.ts";

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
