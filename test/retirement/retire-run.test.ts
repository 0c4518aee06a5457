import { expect, test } from "vitest";
import { findRetirement } from "../../adapters/retirement/retirements.ts";
import { HOME, REGIONS } from "../world/factory-of.ts";
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

test("a build that another account runs is refused while it runs, and retired after", {
  tags: "deep",
}, async () => {
  const { world, old } = await openWithBuilds();
  const end = await world.launch(CONSUMER, old.amis["us-east-1"], "us-east-1");

  await world.live(60);
  const running = world.decision(old.build);
  const there = await world.describe(HOME, old.amis[HOME]);
  await end();
  await world.live(40);

  expect(running).toMatchObject({ does: "wait", reasons: [expect.stringContaining(`${CONSUMER} has 1 instance(s)`)] });
  expect(there?.State).toBe("available");
  expect(await world.describe(HOME, old.amis[HOME])).toBeUndefined();
});
