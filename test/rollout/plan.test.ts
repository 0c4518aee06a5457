import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { drawPlan, plannedRollout } from "../../cli/rollout/draw-plan.ts";
import { HOME } from "../world/factory-of.ts";
import { BUILDING, PRODUCTION, TESTING } from "./rollout-driver.ts";
import { openRollouts } from "./rollout-world.ts";

const WIDEST = 100;

test("a plan shows groups of each mode in their order, and each that is left alone with its reason and what to do", async () => {
  const world = await openRollouts({ consumers: { templateVersions: [PRODUCTION] } });
  const { amis } = await world.promote(1);
  const ami = amis[HOME] ?? "";
  await world.addGroup("search", { account: BUILDING, image: world.ring("canary"), desired: 1 });
  await world.addGroup("batch", { account: TESTING, image: world.ring("canary"), desired: 4 });
  await world.addGroup("shop", { image: world.ring("rest"), desired: 3 });
  await world.addGroup("copies", { image: world.copy, tags: { "amint:wave": "canary" } });
  await world.addGroup("literal", { image: ami });
  await world.addGroup("mixed", { image: ami, mixed: [{ InstanceType: "t3.micro", ImageId: ami }] });
  await world.addGroup("elsewhere", { account: BUILDING, image: ami });
  await world.addGroup("newest", { image: world.ring("rest"), version: "$Latest" });
  await world.addGroup("nodes", { image: world.ring("rest"), tags: { "eks:nodegroup-name": "nodes" } });
  await world.addGroup("wrong-ring", { image: world.ring("canary") });
  await world.addGroup("lost", { image: world.ring("rest"), tags: { "amint:wave": "gamma" } });

  const plan = plannedRollout.parse(await world.plan());

  const drawn = drawPlan(plan);
  expect(stripVTControlCharacters(drawn.join("\n"))).toMatchInlineSnapshot(`
    "base stable: plan for 1.0.0/1, 6 ready, 5 skipped

    1. first group of wave canary, bake time 30m
       400000000001  eu-west-1  search  1 instance  parameter  ready

    2. wave canary, bake time 30m
       400000000001  eu-west-1  elsewhere  2 instances  -          skipped
         it names its AMI by id, and the config does not let Amint launch in 400000000001: resolve a
         parameter, or add the account to consumers.rollout.templateVersions
       500000000001  eu-west-1  copies     2 instances  parameter  ready
       400000000002  eu-west-1  batch      4 instances  parameter  ready

    3. wave rest, bake time 1h
       500000000001  eu-west-1  literal     2 instances  version    ready
       500000000001  eu-west-1  mixed       2 instances  override   ready
       500000000001  eu-west-1  newest      2 instances  -          skipped
         its launch template's version is $Latest, which AWS cannot roll back: name a version by its
         number
       500000000001  eu-west-1  nodes       2 instances  -          skipped
         an EKS managed node group replaces its own nodes: give its launch template a new version and
         call UpdateNodegroupVersion
       500000000001  eu-west-1  wrong-ring  2 instances  -          skipped
         its template resolves /amint/sharing/base/stable/canary, and it is in the wave rest: resolve
         /amint/sharing/base/stable/rest, or set the tag amint:wave
       500000000001  eu-west-1  shop        3 instances  parameter  ready

    In no wave:
       500000000001  eu-west-1  lost  2 instances  -  skipped
         its tag amint:wave names the wave "gamma"; the channel's waves are canary, rest"
  `);
  for (const line of drawn) expect(line.length).toBeLessThanOrEqual(WIDEST);
});

test("a plan without groups says which tag they would have, and one that a window closes, from when on it could begin", async () => {
  const world = await openRollouts({ rollout: { windows: [{ cron: "0 3 ? * SAT *", duration: "2h" }] } });
  await world.promote(1);

  const drawn = drawPlan(plannedRollout.parse(await world.plan()));

  expect(drawn).toEqual([
    "base stable: plan for 1.0.0/1, no groups",
    "Not now: outside of the channel's windows, until 2026-04-04 03:00 UTC at the earliest",
    "",
    "1. first group of wave all, bake time 1h",
    "   none",
    "",
    "2. wave all, bake time 1h",
    "   none",
    "",
    "No Auto Scaling group has the tag amint:rollout = base/stable.",
  ]);
});
