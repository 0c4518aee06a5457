import {
  CreateAccountCommand,
  DescribeCreateAccountStatusCommand,
  MoveAccountCommand,
  OrganizationsClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-organizations";
import { VirtualClock } from "embedded-aws";
import { expect, test } from "vitest";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { followOrganization } from "../../functions/organization/follow-organization.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { HOME, IMAGE, REGIONS } from "../world/factory-of.ts";
import { MANAGEMENT } from "../world/organization.ts";
import { BEGIN } from "../world/time.ts";
import { openWorld, type World } from "../world/world.ts";

const look = (world: World) =>
  followOrganization({ scheduledTime: new Date(world.aws.clock.now()).toISOString() }, world.step());

/** Shared for a channel in every region, and the channel points at it. */
async function promote(world: World, nth: number, channel: string) {
  const { build, amis } = await world.addBuild(nth);
  for (const region of REGIONS) await shareImage({ image: IMAGE, build, channel, region }, world.step());
  await world.point(channel, { build, amis });
  return amis;
}

const seeing = async (world: World, accounts: readonly string[], amis: Readonly<Record<string, string>>) => {
  const found: string[] = [];
  for (const account of accounts) {
    const regions = await Promise.all(REGIONS.map((region) => world.sees(account, region, amis[region] as never)));
    if (regions.every(Boolean)) found.push(account);
    else if (regions.some(Boolean)) found.push(`${account} in some regions`);
  }
  return found;
};

const everyAccount = ["200000000001", "400000000001", "400000000002", "444455556666", "500000000001", "600000000009"];

test("an exception is kept in every region, and who moves out of it or into it is followed", async () => {
  const world = await openWorld({
    channels: [
      { name: "stable", share: { organization: true, except: { organizationalUnits: ["ou-exam-produc11"] } } },
    ],
  });
  await look(world);
  const amis = await promote(world, 1, "stable");
  const before = await seeing(world, everyAccount, amis);
  const management = new OrganizationsClient(world.optionsOf(MANAGEMENT));
  const move = (AccountId: string, SourceParentId: string, DestinationParentId: string) =>
    management.send(new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId }));

  await move("500000000001", "ou-exam-produc11", "ou-exam-workload");
  await move("400000000002", "ou-exam-workload", "ou-exam-produc11");
  await look(world);
  const after = await seeing(world, everyAccount, amis);
  const again = await look(world);

  expect(before).toEqual(["200000000001", "400000000001", "400000000002", "444455556666"]);
  expect(after).toEqual(["200000000001", "400000000001", "444455556666", "500000000001"]);
  const repairs = world.said.filter(({ name }) => name === "drift.repaired").map(({ detail }) => detail.repair);
  expect(repairs).toEqual(
    REGIONS.map(
      (region) =>
        `${amis[region]} in ${region} follows the organization for stable: shared with 500000000001; unshared from 400000000002`,
    ),
  );
  expect(again.followed).toEqual([]);
});

test("accounts are shared with by their tags, and followed when they get them and lose them", async () => {
  const world = await openWorld({ channels: [{ name: "stable", share: { accountTags: { images: "golden" } } }] });
  await look(world);
  const amis = await promote(world, 1, "stable");
  const before = await seeing(world, everyAccount, amis);
  const management = new OrganizationsClient(world.optionsOf(MANAGEMENT));

  await management.send(
    new TagResourceCommand({ ResourceId: "500000000001", Tags: [{ Key: "images", Value: "golden" }] }),
  );
  await management.send(new UntagResourceCommand({ ResourceId: "400000000001", TagKeys: ["images"] }));
  await look(world);

  expect(before).toEqual(["400000000001", "444455556666"]);
  expect(await seeing(world, everyAccount, amis)).toEqual(["444455556666", "500000000001"]);
});

test("a share with exceptions waits until the organization was read, saying so", async () => {
  const world = await openWorld({
    channels: [{ name: "stable", share: { organization: true, except: { accounts: ["200000000001"] } } }],
  });
  const { build } = await world.addBuild(1);

  const refused = shareImage({ image: IMAGE, build, channel: "stable", region: HOME }, world.step());

  await expect(refused).rejects.toThrow(
    "The organization o-exampleorgid has not been read yet, and the share has exceptions or tags.",
  );
});

test("an account that was just made is in what is read after it, and what was read before its event is not read again", async () => {
  const world = await openWorld({
    clock: new VirtualClock(BEGIN),
    channels: [{ name: "stable", share: { organization: true } }],
  });
  await look(world);
  const management = new OrganizationsClient(world.optionsOf(MANAGEMENT));
  const { CreateAccountStatus } = await management.send(
    new CreateAccountCommand({ AccountName: "new-team", Email: "new-team@example.com" }),
  );
  let made: string | undefined;
  while (!made) {
    await world.pass(1_000);
    const { CreateAccountStatus: now } = await management.send(
      new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: CreateAccountStatus?.Id }),
    );
    made = now?.AccountId;
  }
  const time = new Date(world.aws.clock.now()).toISOString();

  await followOrganization(
    { source: "aws.organizations", time },
    world.step({ now: new Date(world.aws.clock.now() + 1) }),
  );
  const known = await findOrganization(world.ledger);
  const again = await followOrganization({ source: "aws.organizations", time }, world.step());

  expect(known?.accounts.map(({ id }) => id)).toContain(made);
  expect(again).toEqual({ followed: [], accounts: 0 });
});
