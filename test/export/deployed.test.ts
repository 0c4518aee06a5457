// @module-tag deep
// @module-tag needs/sst-platform
import { expect, test } from "vitest";
import { HOUR } from "../world/time.ts";
import { deployExports, IMAGE, promote } from "./exports-world.ts";

test("as deployed, an export follows its channel without a command, and is reported", async () => {
  const world = await deployExports();
  await promote(world);

  for (let hours = 0; hours < 12 && world.said("export.ready").length === 0; hours++) await world.pass(HOUR);

  expect(world.said("export.ready")).toMatchObject([
    { image: IMAGE, channel: "candidate", files: [{ format: "vmdk" }, { format: "raw" }] },
  ]);
  expect(await world.parked("amint-acme-follow-exports-dead-letters")).toEqual([]);
});
