import { MoveAccountCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { DeleteParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { type AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { mirrorParameter } from "../../core/names.ts";
import { mirrorChannels } from "../../functions/channel/mirror-channel.ts";
import { type ConsumerWorld, openConsumers } from "../share/consumer-world.ts";
import { IMAGE, REGIONS } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import { MANAGEMENT } from "../world/organization.ts";
import { MINUTE } from "../world/time.ts";

const UNIT = "ou-exam-workload";
const BUILD = "400000000001";
const TEST = "400000000002";
const PRODUCTION = "500000000001";
const OUTSIDE = "200000000001";
const share = { organizationalUnits: [UNIT] };

/** As the rule asks when the channel moved. */
const moved = (world: ConsumerWorld) => mirrorChannels({ image: IMAGE, channel: "stable", all: true }, world.step());

/** The hourly request of follow-organization, carried out a number of minutes from now. */
async function catchUp(world: ConsumerWorld, minutes = 0) {
  world.asked.length = 0;
  await world.look();
  const events = world.asked.filter(({ name }) => name === "mirror-channel").map(({ event }) => event);
  const step = world.step();
  const now = new Date(step.now.getTime() + minutes * MINUTE);
  for (const event of events) await mirrorChannels(event as never, { ...step, now });
  return events.length;
}

const said = ({ said: all }: ConsumerWorld) =>
  all.filter(({ name }) => name === "consumers.failed").map(({ detail }) => detail);

test("each account that a channel reaches has the channel's parameter as its own, in every region, and no other account", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, TEST, PRODUCTION, OUTSIDE] });
  const amis = await world.promote(1);

  const { accounts } = await moved(world);

  const copies = await Promise.all([BUILD, TEST, PRODUCTION, OUTSIDE].map((account) => world.copies(account)));
  const everywhere = REGIONS.map((region) => amis[region]);
  expect(copies).toEqual([everywhere, everywhere, everywhere, [undefined, undefined]]);
  expect(accounts).toBe(3);
  expect(await catchUp(world)).toBe(0);
});

test("the copies follow the channel, also where one was deleted, and go when it points at nothing", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, TEST, PRODUCTION] });
  await world.promote(1);
  await moved(world);
  const Name = mirrorParameter("sharing", IMAGE, "stable");
  await new SSMClient(world.optionsOf(BUILD)).send(new DeleteParameterCommand({ Name }));
  const amis = await world.promote(2);

  await moved(world);
  const followed = await world.copies(BUILD);
  await world.empty();
  const asked = await catchUp(world);

  expect(followed).toEqual(REGIONS.map((region) => amis[region]));
  expect(asked).toBe(1);
  expect(await world.copies(BUILD)).toEqual([undefined, undefined]);
  expect(await catchUp(world)).toBe(0);
});

test("an account that moves in gets the copies within the hour, one that moves out loses them", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, TEST, PRODUCTION, OUTSIDE] });
  const amis = await world.promote(1);
  await moved(world);
  const move = (AccountId: string, SourceParentId: string, DestinationParentId: string) =>
    new OrganizationsClient(world.optionsOf(MANAGEMENT)).send(
      new MoveAccountCommand({ AccountId, SourceParentId, DestinationParentId }),
    );

  await move(OUTSIDE, "ou-exam-sandbox1", UNIT);
  await move(TEST, UNIT, "ou-exam-sandbox1");
  await catchUp(world);

  expect(await world.copies(OUTSIDE)).toEqual(REGIONS.map((region) => amis[region]));
  expect(await world.copies(TEST)).toEqual([undefined, undefined]);
});

test("an account without the role delays no other, is reported once, and catches up", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, PRODUCTION] });
  const amis = await world.promote(1);

  await moved(world);
  await catchUp(world, 1);
  const atFirst = said(world);
  await catchUp(world, 61);
  const then = said(world);
  await catchUp(world, 121);
  const later = said(world);
  await world.deploy(TEST);
  await catchUp(world);

  expect(await world.copies(BUILD)).toEqual(REGIONS.map((region) => amis[region]));
  expect(atFirst).toEqual([]);
  expect(then).toEqual([
    {
      work: "mirror",
      image: IMAGE,
      channel: "stable",
      count: 1,
      accounts: [{ account: TEST, why: expect.stringMatching(/^AccessDenied: .*sts:AssumeRole/) }],
    },
  ]);
  expect(later).toEqual(then);
  expect(await world.copies(TEST)).toEqual(REGIONS.map((region) => amis[region]));
  expect(await catchUp(world)).toBe(0);
});

test("a channel that moves while its copies are written has the last word", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, TEST, PRODUCTION] });
  await world.promote(1);
  const step = world.step();
  const sts = step.client(STSClient);
  let next: Awaited<ReturnType<typeof world.promote>> | undefined;
  const send = async (command: AssumeRoleCommand) => {
    next ??= await world.promote(2);
    return sts.send(command);
  };

  await mirrorChannels(
    { image: IMAGE, channel: "stable", all: true },
    { ...step, client: instead(step.client, STSClient, () => ({ send })) },
  );
  const again = world.asked.map(({ event }) => event);
  for (const event of again) await mirrorChannels(event as never, step);

  expect(again).toEqual([{ image: IMAGE, channel: "stable", all: true }]);
  expect(await world.copies(BUILD)).toEqual(REGIONS.map((region) => next?.[region]));
});
