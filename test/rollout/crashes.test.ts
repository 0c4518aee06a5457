import { simulateFleet } from "embedded-aws/instances";
import { expect, test } from "vitest";
import { chosenOf } from "../whole/deep/size.ts";
import { HOME } from "../world/factory-of.ts";
import { type Asked, type DirectWorld, openDirect } from "./histories/direct-world.ts";
import { BUILDING, ONE_WAVE, PRODUCTION, TESTING } from "./rollout-driver.ts";

/** An execution environment ended: its function receives nothing further. */
class Crash extends Error {
  override readonly name = "Crash";
}

interface Crashing {
  /** The call at which it ends. */
  readonly nth: number;
  /** Whether that call still takes effect. */
  readonly carriedOut: boolean;
}

/** Drives a roll-out to its end; one invocation crashes, and is retried, as Step Functions and Lambda do. */
async function crashAt(world: DirectWorld, { nth, carriedOut }: Crashing, work: () => Promise<unknown>): Promise<void> {
  let calls = 0;
  let dead = false;
  world.around(async (_, carryOut) => {
    if (dead) throw new Crash();
    calls++;
    if (calls !== nth) return carryOut();
    dead = true;
    if (carriedOut) await carryOut();
    throw new Crash();
  });
  const again = async (one: () => Promise<unknown>): Promise<void> => {
    try {
      await one();
    } catch (failure) {
      if (!dead) throw failure;
      await world.pass(2_000);
    }
    if (!dead) return;
    // The first invocation's response is lost.
    dead = false;
    await again(one);
  };
  await again(work);
  await again(() => world.drive());
}

/** Crashes of each story that `npm test` tries; the deep suite tries all. */
const QUICK = 25;
const GROUPS = { ring: BUILDING, version: TESTING, override: PRODUCTION };

async function open(): Promise<DirectWorld> {
  const world = await openDirect({ rollout: ONE_WAVE });
  const { amis } = await world.promote(1);
  const image = amis[HOME];
  await world.addGroup("ring", { account: BUILDING, image: world.ring("all"), desired: 1 });
  await world.addGroup("version", { account: TESTING, image });
  await world.addGroup("override", { image, mixed: [{ InstanceType: "t3.micro", ImageId: image }] });
  return world;
}

/** The final state of a roll-out, without times and ids. */
async function resultOf(world: DirectWorld) {
  const record = await world.record();
  const targets = await world.targets();
  const groups = Object.entries(GROUPS).map(async ([name, account]) => {
    const group = await world.group(name, account);
    const refreshes = await world.refreshes(name, account);
    return {
      name,
      amis: await world.amis(name, account),
      template: group?.LaunchTemplate?.Version,
      overrides: group?.MixedInstancesPolicy?.LaunchTemplate?.Overrides,
      refreshes: refreshes.map(({ Status }) => Status),
    };
  });
  return {
    state: record?.state,
    targets: targets.map(({ group, state, why, failed }) => ({ group, state, why, failed })),
    groups: await Promise.all(groups),
    rings: [await world.ringSays(BUILDING, "all"), await world.ringSays(PRODUCTION, "all")],
  };
}

const told = (world: DirectWorld) => world.details("rollout.ended").map(({ outcome }) => outcome);

interface Story {
  readonly name: string;
  readonly live: (world: DirectWorld, go: (work: () => Promise<unknown>) => Promise<void>) => Promise<void>;
}

const stories: readonly Story[] = [
  {
    name: "forward",
    async live(world, go) {
      await world.promote(2);
      await go(world.start);
    },
  },
  {
    name: "forward, and back after half of it",
    async live(world, go) {
      await world.follow(2, async () => (await world.states()).version === "refreshing");
      await world.steer("back");
      await go(async () => {});
    },
  },
  {
    name: "towards a build that fails, and that is revoked then",
    async live(world, go) {
      const good = await world.record();
      expect(good).toBe(undefined);
      const bad = await world.promote(2);
      simulateFleet(world.aws, { health: ({ imageId }) => ({ healthy: imageId !== bad.amis[HOME] }) });
      await world.start();
      await world.drive();
      await world.revoke(bad, { build: bad.build.replace(/2$/, "1") as never, amis: await firstAmis(world) });
      await go(world.start);
    },
  },
];

const firstAmis = async (world: DirectWorld) => ({ [HOME]: (await world.amis("override"))[0] ?? "" });

test.for(stories)("a crash before or after any call changes nothing in the end: $name", async ({ live }) => {
  const calm = await open();
  const calls: Asked[] = [];
  await live(calm, async (work) => {
    calm.around((asked, carryOut) => {
      calls.push(asked);
      return carryOut();
    });
    await work();
    await calm.drive();
  });
  const undisturbed = await resultOf(calm);
  const saidOnce = told(calm);
  expect(undisturbed.state).toBeOneOf(["done", "returned"]);

  const crashes = calls.flatMap(({ service, operation }, n) =>
    [false, true].map((carriedOut) => ({
      nth: n + 1,
      carriedOut,
      name: `call ${n + 1}, ${service} ${operation}, ${carriedOut ? "carried out" : "not carried out"}`,
    })),
  );
  for (const crash of chosenOf(crashes, QUICK, ({ name }) => name)) {
    const world = await open();
    await live(world, (work) => crashAt(world, crash, work));
    const { groups, ...result } = await resultOf(world);
    const { groups: others, ...expected } = undisturbed;
    expect(result, crash.name).toEqual(expected);
    expect(groups, crash.name).toEqual(others);
    expect([...new Set(told(world))], crash.name).toEqual(saidOnce);
  }
});
