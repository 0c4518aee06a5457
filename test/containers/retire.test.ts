// @module-tag deep
import { expect, test } from "vitest";
import { buildsRepository } from "../../core/names.ts";
import { retire } from "../../functions/retirement/retire.ts";
import { restoreBuild } from "../../functions/revocation/restore-build.ts";
import { REGIONS } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { DAY } from "../world/time.ts";
import { type ContainerBuild, type ContainerWorld, MEMBER, openContainers } from "./container-world.ts";

/** Three builds that were in a channel, a day apart: the last is pointed at, and the channel would go back to the second. */
async function withThree() {
  const world = await openContainers();
  const begin = world.clock.now();
  const builds: ContainerBuild[] = [];
  for (const nth of [1, 2, 3]) {
    const one = await world.build(nth);
    await world.promote(one, "stable");
    builds.push(one);
    await world.pass(DAY);
  }
  return { world, begin, builds: builds as [ContainerBuild, ContainerBuild, ContainerBuild] };
}

/** Runs the daily schedule. @returns a build's decision and its reason */
async function runOn(world: ContainerWorld, begin: number, day: number, { build }: ContainerBuild) {
  await world.clock.runUntil(Math.max(world.clock.now(), begin + day * DAY));
  const step = await world.stepAs("RetireRole");
  const { decisions } = await world.through(retire({ scheduledTime: new Date(world.clock.now()).toISOString() }, step));
  return decisions.find((one) => one.build === build);
}

const liesInBuilds = (world: ContainerWorld, { digest }: ContainerBuild, region: string) =>
  world.canPull(FACTORY, buildsRepository("sharing", "web"), digest, region);

test("a build is deleted only after the configured time without pulls", async () => {
  const { world, begin, builds } = await withThree();
  const [first, second, third] = builds;

  const done = new Map<string, number>();
  const during = new Map<string, boolean>();
  for (let day = 28; day <= 140; day++) {
    if (day === 40) expect(await world.pulls(MEMBER, "stable", first)).toBe(true);
    const { does = "", reasons = [] } = (await runOn(world, begin, day, first)) ?? {};
    if (!done.has(does)) done.set(does, day);
    if (day === 70) expect([does, reasons.join()]).toEqual(["wait", expect.stringContaining("it was pulled from")]);
    if (does === "withdraw") during.set("pulled after withdrawal", await world.pulls(MEMBER, "stable", first));
    if (does === "withdraw") during.set("kept after withdrawal", await liesInBuilds(world, first, "eu-west-1"));
  }

  expect(Object.fromEntries(during)).toEqual({ "pulled after withdrawal": false, "kept after withdrawal": true });
  expect(done.get("deprecate")).toBe(30);
  expect(done.get("condemn")).toBeGreaterThan(100);
  expect([...done.keys()].filter((does) => !["keep", "wait"].includes(does))).toEqual([
    "deprecate",
    "condemn",
    "withdraw",
    "disable",
    "deregister",
    "gone",
  ]);
  for (const region of REGIONS) {
    expect(await liesInBuilds(world, first, region)).toBe(false);
    expect(await liesInBuilds(world, second, region)).toBe(true);
    expect(await world.pulls(MEMBER, "stable", second, region)).toBe(true);
    expect(await world.says("stable", region)).toEqual(world.pointing("stable", third, region));
  }
});

test("a build that retirement unshared is restored manually, and can be pulled again", async () => {
  const { world, begin, builds } = await withThree();
  const [first] = builds;
  let does: string | undefined;
  for (let day = 28; day <= 90 && does !== "withdraw"; day++) does = (await runOn(world, begin, day, first))?.does;
  expect(await world.pulls(MEMBER, "stable", first)).toBe(false);
  const asked = { build: first.build, by: "ada", reason: "a shop needs it", request: "r1", goesOn: false };

  await world.through(restoreBuild(asked, await world.stepAs("RestoreBuildRole")));

  for (const region of REGIONS) expect(await world.pulls(MEMBER, "stable", first, region)).toBe(true);
});
