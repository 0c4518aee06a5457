import { expect, test } from "vitest";
import { findGone } from "../../../adapters/ledger/leftovers.ts";
import { HOME, REGIONS } from "../sharing/world.ts";
import { openWithBuilds } from "./open-with-builds.ts";
import { CONSUMER } from "./retiring-world.ts";

const SLOW = { timeout: 120_000 };

/** Days until a build is decided so, with the acts of these days. */
async function liveUntil({ world, old }: Awaited<ReturnType<typeof openWithBuilds>>, does: string): Promise<void> {
  for (let day = 0; day < 90 && world.decision(old.build)?.does !== does; day++) await world.live(1);
}

test.each(["deprecate", "condemn", "withdraw", "disable"])(
  "what the step %s did is undone by hand: date, state, share list and marks",
  SLOW,
  async (does) => {
    const opened = await openWithBuilds();
    const { world, old } = opened;
    await liveUntil(opened, does);
    const marked = await world.describe(HOME, old.amis[HOME]);

    const restored = await world.restore(old.build);

    for (const region of REGIONS) {
      const ami = await world.describe(region, old.amis[region]);
      expect(ami?.State).toBe("available");
      expect(ami?.DeprecationTime).toBeUndefined();
      expect(ami?.ImageWatermarks).toHaveLength(1);
      expect(await world.mayLaunch(CONSUMER, region, old.amis[region])).toBe(true);
    }
    expect(marked?.ImageWatermarks?.length ?? 0).toBe(does === "withdraw" || does === "disable" ? 0 : 1);
    expect(restored).toMatchObject({
      build: old.build,
      shared: REGIONS.map((region) => ({ region, amiId: old.amis[region] })),
    });
    expect(await findGone(world.ledger, old.build)).toBeUndefined();
    expect(world.said.at(-1)).toMatchObject({ name: "build.restored", detail: { by: "ada", build: old.build } });
  },
);

test("what was restored is left alone for a while, and retired again after that", SLOW, async () => {
  const opened = await openWithBuilds();
  const { world, old } = opened;
  await liveUntil(opened, "disable");
  await world.restore(old.build);

  await world.live(13);
  const kept = world.decision(old.build);
  await world.live(35);

  expect(kept).toMatchObject({ does: "keep", reasons: [expect.stringMatching(/^it was given back on /)] });
  expect((await world.describe(HOME, old.amis[HOME]))?.State ?? "gone").not.toBe("available");
});

test("what is deregistered is not restored, and neither is what was never retired", SLOW, async () => {
  const opened = await openWithBuilds();
  const { world, old, kept } = opened;
  await liveUntil(opened, "deregister");

  await expect(world.restore(old.build)).rejects.toThrow("its AMIs are being deregistered since");
  await expect(world.restore(kept[0]!.build)).rejects.toThrow("is neither revoked nor retired");
});
