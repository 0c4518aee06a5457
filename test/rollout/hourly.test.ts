import { expect, test } from "vitest";
import { isRolloutLeft, type RolloutRecord } from "../../core/rollout/records.ts";
import { followExposure, followRollouts } from "../../functions/repair/follow-rollouts.ts";
import { readHour } from "../../functions/repair/read-hour.ts";
import { whileAnnounced } from "../../functions/repair/while-announced.ts";
import { IMAGE } from "../world/factory-of.ts";
import { repairing } from "../world/repairing.ts";
import { HOUR } from "../world/time.ts";
import { openExposure } from "./exposure-world.ts";

const ADA = "200000000001";
const AT = "2026-04-01T00:00:00.000Z";
const newest = (state: RolloutRecord["state"], told: boolean) => ({ movedAt: AT, state, told });

test.each([
  ["none, and no build in the channel", undefined, undefined, false],
  ["none for the channel's move", undefined, { movedAt: AT }, true],
  ["one of an earlier move", newest("done", true), { movedAt: "2026-04-02T00:00:00.000Z" }, true],
  ["one that runs", newest("running", false), { movedAt: AT }, true],
  ["one that returns", newest("returning", true), { movedAt: AT }, true],
  ["one that halted without a notice", newest("halted", false), { movedAt: AT }, true],
  ["one that halted with a notice", newest("halted", true), { movedAt: AT }, false],
  ["one that ended without a notice", newest("returned", false), { movedAt: AT }, true],
  ["one that ended with a notice", newest("done", true), { movedAt: AT }, false],
])("the hourly run looks at the newest roll-out: %s", (_, record, pointed, left) => {
  expect(isRolloutLeft(record, pointed)).toBe(left);
});

/** An hourly run of `reconcile`, as far as roll-outs are concerned. @returns the functions that it invokes */
async function hourOf(world: Awaited<ReturnType<typeof openExposure>>) {
  const { settings, ...step } = repairing(world.step(), "");
  const functions = { START_ROLL_OUT_FUNCTION: "start-roll-out", WATCH_EXPOSURE_FUNCTION: "watch-exposure" };
  const here = { ...step, settings: { ...settings, env: { ...settings.env, ...functions } } };
  world.asked.length = 0;
  const hour = await readHour(false, here);
  await followRollouts(hour, here);
  await whileAnnounced("exposure", { ...hour, full: false }, here, () => followExposure(here));
  return [...world.asked];
}

test("the hourly run starts a roll-out whose event was lost, and asks for counts only while an advisory is open", async () => {
  const world = await openExposure({ deployedTo: [ADA] });
  const idle = await hourOf(world);
  const old = await world.promote(1, "1.amzn2023");
  const group = await world.launch(ADA, old.ami, 1);

  const lost = await hourOf(world);
  await world.see(old);
  const open = (await hourOf(world)).filter(({ name }) => name === "watch-exposure");

  expect(idle).toEqual([]);
  expect(lost).toEqual([{ name: "start-roll-out", event: { image: IMAGE, channel: "stable" } }]);
  expect(open).toEqual([{ name: "watch-exposure", event: { scheduledTime: expect.any(String) } }]);

  const fixed = await world.promote(2, "2.amzn2023");
  await world.use(ADA, group, fixed.ami);
  await world.replace(ADA, group, 1);
  await world.look();
  await world.pass(2 * HOUR);
  await hourOf(world);
  expect((await hourOf(world)).filter(({ name }) => name === "watch-exposure")).toEqual([]);
});
