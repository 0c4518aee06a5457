import { expect, test } from "vitest";
import { HOME } from "../world/factory-of.ts";
import { PRODUCTION, TESTING } from "./rollout-driver.ts";
import { openRollouts } from "./rollout-world.ts";

test("the roles that deploy let Amint do what each mode needs, forward and back, and nothing in other accounts", async () => {
  const world = await openRollouts({
    rollout: { waves: [{ name: "all", bake: "2m" }], alarms: ["errors"] },
    consumers: { templateVersions: [PRODUCTION] },
  });
  await world.addAlarms(PRODUCTION, TESTING);
  const first = await world.promote(1);
  const image = first.amis[HOME] ?? "";
  await world.addGroup("ring", { account: TESTING, image: world.ring("all"), desired: 1 });
  await world.addGroup("version", { image });
  await world.addGroup("override", { image, mixed: [{ InstanceType: "t3.micro", ImageId: image }] });
  await world.addGroup("elsewhere", { account: TESTING, image, settle: 0 });
  const second = await world.promote(2);

  await world.start();
  await world.drive();

  expect(await world.states()).toEqual({
    ring: "done",
    version: "done",
    override: "done",
    elsewhere: expect.stringMatching(/^skipped: .*does not allow Amint to create template versions in 400000000002/),
  });
  expect(await world.amis("override")).toEqual([second.amis[HOME], second.amis[HOME]]);

  await world.steer("back");
  await world.drive();

  expect(await world.states()).toMatchObject({ ring: "returned", version: "returned", override: "returned" });
  for (const group of ["version", "override"]) expect(await world.amis(group)).toEqual([image, image]);
});
