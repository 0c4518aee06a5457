import type { EC2Client } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { findRetirement, recordRetirement } from "../../adapters/retirement/retirements.ts";
import { findRing, putRing } from "../../adapters/rollout/rings.ts";
import { putRollout, putTarget } from "../../adapters/rollout/rollouts.ts";
import { freshTarget } from "../../core/rollout/records.ts";
import { beginRing, moveRingEverywhere, settleRing } from "../../core/rollout/ring.ts";
import { HOME, IMAGE, REGIONS } from "../world/factory-of.ts";
import { openWithBuilds } from "./open-with-builds.ts";
import { CONSUMER } from "./retiring-world.ts";

test("an unused build is deprecated, disabled and deregistered in all regions, with its proof", async () => {
  const { world, old, kept } = await openWithBuilds();

  await world.live(10);
  const early = await world.describe("us-east-1", old.amis["us-east-1"]);
  await world.live(25);
  const late = await world.describe("us-east-1", old.amis["us-east-1"]);
  await world.live(30);

  expect(Date.parse(early?.DeprecationTime ?? "")).toBeLessThan(world.clock.now());
  expect(early?.State).toBe("available");
  expect(late?.State).toBe("disabled");
  for (const region of REGIONS) expect(await world.describe(region, old.amis[region])).toBeUndefined();
  for (const { amis } of kept) expect((await world.describe(HOME, amis[HOME]))?.State).toBe("available");
  expect(world.decision(old.build)?.does).toBe("gone");
  const { regions } = await findRetirement(world.ledger, old.build);
  expect(regions.get(HOME)?.proofs.deregistered?.reports).toHaveLength(2);
  expect(regions.get(HOME)?.snapshots).toEqual([{ snapshotId: expect.stringMatching(/^snap-/), result: "success" }]);
  expect(world.said.filter(({ name, detail }) => name === "build.retired" && detail.build === old.build)).toMatchObject(
    [{ detail: { stage: "disabled" } }, { detail: { stage: "deregistered" } }],
  );
});

const canary = { image: IMAGE, channel: "stable", wave: "canary" };

test("a build that a lagging ring names, or would be rolled back to, is kept until the ring has moved on", async () => {
  const { world, old, next, kept } = await openWithBuilds();
  const newest = kept[1]!;
  const { ledger, now } = world.step();
  const lagging = await putRing(ledger, canary, { expected: undefined, next: { from: old }, now });
  await world.live(2);
  const whileLagging = world.decision(old.build);

  const moving = lagging && moveRingEverywhere(beginRing(lagging, newest, { rollout: "r1", places: [] }));
  const moved = moving && (await putRing(ledger, canary, { expected: lagging, next: moving, now }));
  await world.live(1);
  const whileMoving = world.decision(old.build);
  const settled = moved && (await putRing(ledger, canary, { expected: moved, next: settleRing(moved), now }));
  await world.live(1);

  expect(whileLagging).toMatchObject({ does: "keep", reasons: ["stable's ring canary names it"] });
  expect(whileMoving).toMatchObject({ does: "keep", reasons: ["stable's ring canary names it"] });
  expect(await findRing(ledger, canary)).toEqual(settled);
  expect(world.decision(old.build)?.does).not.toBe("keep");
  expect(world.decision(next.build)?.reasons).not.toContain("stable's ring canary names it");
  expect((await world.describe(HOME, old.amis[HOME]))?.DeprecationTime).toBeDefined();
});

test("a build that a group's template named before its newest roll-out is kept", async () => {
  const { world, old, kept } = await openWithBuilds();
  const newest = kept[1]!;
  const { ledger, now } = world.step();
  const at = { image: IMAGE, channel: "stable" };
  const startedAt = now.toISOString();
  await putRollout(ledger, at, undefined, {
    ...{ id: "r1", kind: "normal", build: newest.build, amis: {}, movedAt: startedAt, steps: [], index: 0 },
    ...{ state: "done", startedAt, changedAt: startedAt, told: true, resumed: false },
  });
  const how = { mode: "version", template: "lt-0123456789abcdef0", from: "1", to: "2", mixed: false } as const;
  const target = { account: "400000000001", region: HOME, group: "shop", wave: "all", step: 1 };
  await putTarget(ledger, { ...at, rollout: "r1" }, undefined, {
    next: { ...freshTarget, ...target, state: "done", how: { ...how, previousAmi: String(old.amis[HOME]) } },
    now,
  });

  await world.live(2);

  expect(world.decision(old.build)).toMatchObject({
    does: "keep",
    reasons: ["groups that follow stable may return to it"],
  });
});

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
  const { world, old, liveUntil } = await openWithBuilds();
  await liveUntil("withdraw");
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
  const { world, old, liveUntil } = await openWithBuilds();
  await liveUntil("disable");
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
    `RetirementUnderWay: ${old.build} is being retired or restored at this moment; try again after ${until}.`,
  );
  expect((await world.describe(HOME, old.amis[HOME]))?.State).toBe("available");
});

test.each([
  { when: "before its first AMI is enabled", operation: "EnableImage" },
  { when: "before its first AMI is shared", operation: "AttachImageWatermark" },
])("a build that is revoked $when stays unshared until it is restored again", async ({ operation }) => {
  const { world, old, liveUntil } = await openWithBuilds();
  await liveUntil("disable");
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
