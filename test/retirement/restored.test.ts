import { accountPrincipal, type EmbeddedAws } from "embedded-aws";
import { expect, test } from "vitest";
import { findGone } from "../../adapters/retirement/leftovers.ts";
import { findRetirement } from "../../adapters/retirement/retirements.ts";
import { HOME, REGIONS } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { openWithBuilds } from "./open-with-builds.ts";
import { CONSUMER } from "./retiring-world.ts";

const DEEP = { tags: "deep" } as const;

/** The stack's rules: resources with the factory's tag are kept for this number of days. */
async function keepInBin(aws: EmbeddedAws, retain: number, regions: readonly string[] = REGIONS): Promise<void> {
  for (const region of regions) {
    for (const ResourceType of ["EC2_IMAGE", "EBS_SNAPSHOT"]) {
      await aws.call(
        "rbin",
        "CreateRule",
        {
          ResourceType,
          RetentionPeriod: { RetentionPeriodValue: retain, RetentionPeriodUnit: "DAYS" },
          ResourceTags: [{ ResourceTagKey: "amint:factory", ResourceTagValue: "sharing" }],
        },
        { principal: accountPrincipal(FACTORY), region },
      );
    }
  }
}

type Opened = Awaited<ReturnType<typeof openWithBuilds>>;

/** The oldest build is available and shared in every region, and its restoration was reported. */
async function expectRestored({ world, old }: Opened): Promise<void> {
  for (const region of REGIONS) {
    expect((await world.describe(region, old.amis[region]))?.State).toBe("available");
    expect(await world.mayLaunch(CONSUMER, region, old.amis[region])).toBe(true);
  }
  expect(await findGone(world.ledger, old.build)).toBeUndefined();
  expect(world.said.at(-1)).toMatchObject({ name: "build.restored", detail: { by: "ada", build: old.build } });
}

/** Its AMIs have no date of deprecation, and the mark of their channel again. */
async function expectMarked({ world, old }: Opened): Promise<void> {
  for (const region of REGIONS) {
    const ami = await world.describe(region, old.amis[region]);
    expect(ami?.DeprecationTime).toBeUndefined();
    expect(ami?.ImageWatermarks).toHaveLength(1);
  }
}

test.each(["deprecate", "condemn", "withdraw", "disable"])(
  "what the step %s did is undone by hand: date, state, share list and marks",
  async (does) => {
    const opened = await openWithBuilds();
    const { world, old } = opened;
    await opened.liveUntil(does);
    const marked = await world.describe(HOME, old.amis[HOME]);

    const restored = await world.restore(old.build);

    expect(marked?.ImageWatermarks?.length ?? 0).toBe(does === "withdraw" || does === "disable" ? 0 : 1);
    expect(restored).toMatchObject({
      build: old.build,
      shared: REGIONS.map((region) => ({ region, amiId: old.amis[region] })),
    });
    await expectRestored(opened);
    await expectMarked(opened);
  },
);

test("what was restored is left alone for a while, and retired again after that", DEEP, async () => {
  const opened = await openWithBuilds();
  const { world, old } = opened;
  await opened.liveUntil("disable");
  await world.restore(old.build);

  await world.live(13);
  const kept = world.decision(old.build);
  await world.live(35);

  expect(kept).toMatchObject({ does: "keep", reasons: [expect.stringMatching(/^it was restored on /)] });
  expect((await world.describe(HOME, old.amis[HOME]))?.State ?? "gone").not.toBe("available");
});

test("what is deregistered comes back from the Recycle Bin, snapshots first, shared as it was", DEEP, async () => {
  const opened = await openWithBuilds();
  const { world, old } = opened;
  await keepInBin(world.aws, 14);
  await opened.liveUntil("deregister");
  const gone = await Promise.all(REGIONS.map((region) => world.describe(region, old.amis[region])));
  await world.pass(10);

  const restored = await world.restore(old.build);

  expect(gone).toEqual(REGIONS.map(() => undefined));
  expect(restored).toMatchObject({ build: old.build, sharedWith: [expect.stringContaining("organization/")] });
  await expectRestored(opened);
  await expectMarked(opened);
});

test(
  "where one region's AMI has left the Recycle Bin nothing is brought back, and it is said to be final",
  DEEP,
  async () => {
    const opened = await openWithBuilds();
    const { world, old } = opened;
    await keepInBin(world.aws, 14, [HOME]);
    await opened.liveUntil("deregister");
    const [elsewhere = ""] = REGIONS.filter((region) => region !== HOME);

    const early = world.restore(old.build);
    await expect(early).rejects.toThrow(`no longer has ${old.amis[elsewhere]} in ${elsewhere}, deregistered at 2026-`);
    await world.pass(15);
    const late = world.restore(old.build);

    await expect(late).rejects.toThrow(/^(?=.*eu-west-1)(?=.*It cannot be recovered; start another build)/);
    expect(await world.describe(HOME, old.amis[HOME])).toBeUndefined();
  },
);

test("a build that was unshared and then revoked is shared as before, also when the restoration crashed before its event", async () => {
  const opened = await openWithBuilds();
  const { world, old } = opened;
  await opened.liveUntil("withdraw");
  await world.revoke(old.build);
  const deaf = {
    name: "none",
    client: { send: () => Promise.reject(new Error("EventBridge does not answer")) } as never,
  };

  await expect(world.restore(old.build, { bus: deaf })).rejects.toThrow("EventBridge does not answer");
  await world.restore(old.build);

  expect((await findRetirement(world.ledger, old.build)).retirement).toMatchObject({ stage: "deprecated" });
  await expectRestored(opened);
});

test("what was never retired is not restored", async () => {
  const { world, kept } = await openWithBuilds();

  await expect(world.restore(kept[0]!.build)).rejects.toThrow("is neither revoked nor retired");
});
