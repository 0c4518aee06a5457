import { KMSClient, ListGrantsCommand, RevokeGrantCommand } from "@aws-sdk/client-kms";
import { MoveAccountCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { keepAsked } from "../../functions/share/keep-grants.ts";
import { REGIONS } from "../world/factory-of.ts";
import { FACTORY, MANAGEMENT } from "../world/organization.ts";
import { MINUTE } from "../world/time.ts";
import { type ConsumerWorld, openConsumers } from "./consumer-world.ts";

const UNIT = "ou-exam-workload";
const BUILD = "400000000001";
const TEST = "400000000002";
const PRODUCTION = "500000000001";
const share = { organizationalUnits: [UNIT] };

/** The hourly request of follow-organization, carried out a number of minutes from now. */
async function keep(world: ConsumerWorld, minutes = 0): Promise<number> {
  world.asked.length = 0;
  await world.look();
  const events = world.asked.filter(({ name }) => name === "keep-grants").map(({ event }) => event);
  const step = world.step();
  const now = new Date(step.now.getTime() + minutes * MINUTE);
  for (const event of events) await keepAsked(event as never, { ...step, now });
  return events.length;
}

/** Accounts with a grant, region by region, as the keys' owner sees them. */
const granted = (world: ConsumerWorld) =>
  Promise.all(
    REGIONS.map(async (region, nth) => {
      const kms = new KMSClient(world.optionsOf(FACTORY, region));
      const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId: world.keys[nth] }));
      return Grants.map(({ GranteePrincipal = "" }) => GranteePrincipal.split(":")[4]).toSorted();
    }),
  );

test("every account that a channel reaches lets its Auto Scaling use the keys, once, and no other principal", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, TEST, PRODUCTION] });

  const first = await keep(world);
  const again = await keep(world);

  expect(await granted(world)).toEqual(REGIONS.map(() => [BUILD, TEST, PRODUCTION]));
  expect([first, again]).toEqual([1, 0]);
});

test("a grant that was taken away is made again, and that of an account that left is taken away", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, TEST, PRODUCTION] });
  await keep(world);
  const kms = new KMSClient(world.optionsOf(FACTORY, REGIONS[1]));
  const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId: world.keys[1] }));
  const lost = Grants.find(({ GranteePrincipal = "" }) => GranteePrincipal.includes(BUILD));
  await kms.send(new RevokeGrantCommand({ KeyId: world.keys[1], GrantId: lost?.GrantId }));
  await new OrganizationsClient(world.optionsOf(MANAGEMENT)).send(
    new MoveAccountCommand({ AccountId: TEST, SourceParentId: UNIT, DestinationParentId: "ou-exam-sandbox1" }),
  );

  await keep(world);

  expect(await granted(world)).toEqual(REGIONS.map(() => [BUILD, PRODUCTION]));
});

test("an account without the role delays no other, and is reported once", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, PRODUCTION] });

  const said = () => world.said.filter(({ name }) => name === "consumers.failed").map(({ detail }) => detail);
  await keep(world);
  // The organization sends several events for one joining account, each with an attempt.
  await keep(world, 1);
  const atFirst = said();
  await keep(world, 61);
  await keep(world, 121);
  const failed = said();
  await world.deploy(TEST);
  await keep(world);

  expect(atFirst).toEqual([]);
  expect(failed).toEqual([
    { work: "grants", count: 1, accounts: [{ account: TEST, why: expect.stringMatching(/^AccessDenied: /) }] },
  ]);
  expect(await granted(world)).toEqual(REGIONS.map(() => [BUILD, TEST, PRODUCTION]));
});
