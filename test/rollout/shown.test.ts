import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drawRollout, toShown } from "../../cli/rollout/draw-rollout.ts";
import { IMAGE } from "../world/factory-of.ts";
import { BUILDING, TESTING } from "./rollout-driver.ts";
import { openRollouts } from "./rollout-world.ts";

test("a roll-out that was halted half-way is shown as docs/rollout.md shows it", async () => {
  const world = await openRollouts({
    rollout: { waves: [{ name: "canary", accounts: [BUILDING, TESTING], bake: "30m" }, { name: "rest" }] },
  });
  await world.promote(1);
  await world.addGroup("search", { account: BUILDING, image: world.ring("canary"), desired: 1 });
  await world.addGroup("batch", { account: TESTING, image: world.ring("canary") });
  await world.addGroup("newest", { account: TESTING, image: world.ring("canary"), version: "$Latest" });
  await world.promote(2);
  await world.start();
  const isSecond = async () =>
    (await world.targets()).some(({ group, state }) => group === "batch" && state !== "pending");
  await world.drive(isSecond);

  await world.steer("halt");

  const drawn = drawRollout(
    toShown({ image: IMAGE, channel: "stable" }, (await world.record())!, await world.targets()),
  );
  expect(readFileSync("docs/rollout.md", "utf8")).toContain(["```text", ...drawn, "```"].join("\n"));
  for (const line of drawn) expect(line.length).toBeLessThanOrEqual(100);
});
