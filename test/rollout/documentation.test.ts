import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { drawPlan, plannedRollout } from "../../cli/rollout/draw-plan.ts";
import { drawRollout, toShown } from "../../cli/rollout/draw-rollout.ts";
import { followedBy } from "../../core/rollout/group.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { BUILDING, PRODUCTION, TESTING } from "./rollout-driver.ts";
import { openRollouts } from "./rollout-world.ts";

const text = readFileSync("docs/rollout.md", "utf8");
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, block = ""]) => block);

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const follows = (tags: readonly Tag[]) => followedBy(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])));

test("the snippets are a template and a request whose tags opt in", () => {
  const [template] = blocks("yaml").map((block) => parse(block));
  const [request] = blocks("json").map((block) => JSON.parse(block) as { Tags: Tag[] });

  const { Group, Template } = template.Resources;
  expect(Template.Properties.LaunchTemplateData.ImageId).toBe("resolve:ssm:/amint/acme/al2023-base/stable/rest");
  expect(follows(Group.Properties.Tags)).toEqual({ image: "al2023-base", channel: "stable" });
  expect(follows(request!.Tags)).toEqual({ image: "al2023-base", channel: "stable" });
});

const WIDEST = 100;
const SHOWN = [{ name: "canary", accounts: [BUILDING, TESTING], bake: "30m" }, { name: "rest" }];

test("a plan shows groups of each mode in their order, and those left alone with their reasons, as docs/rollout.md shows it", async () => {
  const world = await openRollouts({ rollout: { waves: SHOWN }, consumers: { templateVersions: [PRODUCTION] } });
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
  expect(readFileSync("docs/rollout.md", "utf8")).toContain(["```text", ...drawn, "```"].join("\n"));
  for (const line of drawn) expect(line.length).toBeLessThanOrEqual(WIDEST);
});

test("a plan without groups says which tag they would have, and one that a window closes, from when on it could begin", async () => {
  const world = await openRollouts({ rollout: { windows: [{ cron: "0 3 ? * SAT *", duration: "2h" }] } });
  await world.promote(1);

  const drawn = drawPlan(plannedRollout.parse(await world.plan()));

  expect(drawn).toEqual([
    "base stable: plan for 1.0.0/1, no groups",
    "Not now: outside the channel's windows, until 2026-04-04 03:00 UTC at the earliest",
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

test("a channel that points at nothing has nothing to plan", async () => {
  const world = await openRollouts({ rollout: { waves: SHOWN } });

  await expect(world.plan()).rejects.toMatchObject({
    name: "NothingToRollOut",
    message: "base stable points at nothing; it must have a build first",
  });
});

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
