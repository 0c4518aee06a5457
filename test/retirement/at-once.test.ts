import type { EC2Client } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { findRetirement, recordRetirement } from "../../adapters/retirement/retirements.ts";
import { HOME, REGIONS } from "../world/factory-of.ts";
import { openWithBuilds } from "./open-with-builds.ts";
import { CONSUMER } from "./retiring-world.ts";

/** EC2's clients; something happens before the first call of an operation. */
function happenBefore(operation: string, ec2: (region: string) => EC2Client, happen: () => unknown) {
  let happened = false;
  return (region: string): EC2Client => {
    const client = ec2(region);
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === `${operation}Command` && !happened) {
            happened = true;
            await happen();
          }
          return next(args);
        },
      { step: "initialize" },
    );
    return client;
  };
}

test("a restoration that comes while the daily run disables a build waits for that, and restores all of it", {
  tags: "deep",
}, async () => {
  const { world, old } = await openWithBuilds();
  while (world.decision(old.build)?.does !== "withdraw") await world.live(1);
  let restored: Promise<unknown> | undefined;
  const ec2 = happenBefore("DisableImage", world.ec2, () => {
    restored = world.restore(old.build);
  });
  let disabled: unknown[] = [];

  for (let day = 0; day < 20 && !restored; day++) {
    await world.pass(1);
    await world.run("apply", ec2);
    disabled = await Promise.all(
      REGIONS.map(async (region) => (await world.describe(region, old.amis[region]))?.State),
    );
  }
  await world.clock.runUntil(world.clock.now() + 60_000);
  await restored;

  expect(disabled).toEqual(REGIONS.map(() => "disabled"));
  for (const region of REGIONS) {
    expect((await world.describe(region, old.amis[region]))?.State).toBe("available");
    expect(await world.mayLaunch(CONSUMER, region, old.amis[region])).toBe(true);
  }
  expect((await findRetirement(world.ledger, old.build)).retirement).toMatchObject({ stage: "deprecated" });
});

test("where the run that acts on a build has crashed, a restoration says from when on it can be requested", {
  tags: "deep",
}, async () => {
  const { world, old } = await openWithBuilds();
  while (world.decision(old.build)?.does !== "disable") await world.live(1);
  const { retirement } = await findRetirement(world.ledger, old.build);
  if (!retirement) throw new Error("It is disabled, and nothing of that is in the ledger.");
  const at = new Date(world.clock.now()).toISOString();
  await recordRetirement(world.ledger, { ...retirement, claim: { by: "died", at } }, retirement);

  const early = world.restore(old.build).catch((error: Error) => error);
  await world.clock.runUntil(world.clock.now() + 2 * 60_000);
  const refused = await early;
  await world.clock.runUntil(world.clock.now() + 15 * 60_000);
  await world.restore(old.build);

  const until = new Date(Date.parse(at) + 15 * 60_000).toISOString();
  expect(String(refused)).toBe(
    `RetirementUnderWay: ${old.build} was not changed: it is being retired or restored at this moment. Try again after ${until}, when that has ended at the latest.`,
  );
  expect((await world.describe(HOME, old.amis[HOME]))?.State).toBe("available");
});

test.each([
  { when: "before its first AMI is enabled", operation: "EnableImage" },
  { when: "before its first AMI is shared", operation: "AttachImageWatermark" },
])("a build that is revoked $when stays unshared until it is restored again", async ({ operation }) => {
  const { world, old } = await openWithBuilds();
  while (world.decision(old.build)?.does !== "disable") await world.live(1);
  const ec2 = happenBefore(operation, world.ec2, () => world.revoke(old.build));

  await expect(world.restore(old.build, { ec2 })).rejects.toThrow("was revoked while it was being restored");
  await world.live(2);

  for (const region of REGIONS) {
    expect((await world.describe(region, old.amis[region]))?.State).toBe("disabled");
    expect(await world.mayLaunch(CONSUMER, region, old.amis[region])).toBe(false);
  }
  await world.restore(old.build);
  expect(world.said.filter(({ name }) => name === "build.restored")).toHaveLength(1);
  for (const region of REGIONS) expect(await world.mayLaunch(CONSUMER, region, old.amis[region])).toBe(true);
});
