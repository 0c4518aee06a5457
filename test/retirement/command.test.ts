// @module-tag deep
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { drawDecisions } from "../../cli/retirement/draw-decisions.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { startFactory } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";

const until = ["--until", "2999-12-31"];
const reason = ["--reason", "the auditors look at it"];

test("builds are held and released by command, and the plan says who holds them", async () => {
  const factory = await startFactory();
  await factory.send("start-build", { trigger: "manual", image: "al2023-base", requestedBy: "ada" });
  await factory.clock.runUntil(factory.clock.now() + 3 * HOUR);
  const started = factory.events.find(({ detailType }) => detailType === "build.started");
  const name = `al2023-base ${buildVersion(parseBuildArn(String(started?.detail.build)))}`;
  const hold = (...args: string[]) => factory.amint("hold", name, ...args).ended;

  const held = await hold(...until, ...reason);
  const plan = await factory.racing(factory.amint("retire", "--plan").ended);
  const released = await hold("--release");
  const refused = [
    await hold("--release"),
    await hold(...until),
    await hold(...reason, "--until", "2020-01-01"),
    await hold(...reason, "--until", "Tuesday"),
    await factory.amint("hold", "al2023-base", ...until, ...reason).ended,
    await factory.amint("retire", "--plan", "--apply").ended,
  ];

  expect(held.stderr).toBe("");
  expect([held.code, released.code, plan.code]).toEqual([0, 0, 0]);
  expect(held.stdout).toBe(`${name} is held until 2999-12-31\n`);
  expect(released.stdout).toBe(`The hold on ${name} is released\n`);
  expect(plan.stdout).toContain("keep");
  expect(plan.stdout).toContain("candidate points at it");
  expect(plan.stdout).toContain("holds it until 2999-12-31: the auditors look at it");
  expect(refused.map(({ code }) => code !== 0)).toEqual(refused.map(() => true));
  for (const [nth, why] of [
    `${name} is not held.`,
    "A hold needs --reason",
    "A hold until 2020-01-01 would have no effect",
    'a date such as "2026-12-31"',
    '"al2023-base" is an image. Name one of its builds',
    "Use either --plan, which changes nothing, or --apply.",
  ].entries()) {
    expect(refused[nth]?.stderr).toContain(why);
  }
});

test("where there is nothing to plan, the plan says why", () => {
  expect(drawDecisions([])).toBe("no image in factory.config.ts has both retention and builds");
});

test("the plan's table has each build with what becomes of it, every reason, and what goes with it", () => {
  const build = (nth: number) =>
    parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/${nth}`);

  const drawn = drawDecisions([
    { image: "base", build: build(1), does: "gone", reasons: [], frees: {}, proof: [] },
    {
      image: "base",
      build: build(2),
      does: "disable",
      reasons: ["it is unused"],
      frees: { "eu-west-1": 8, "us-east-1": 8 },
      proof: [],
    },
    {
      image: "base",
      build: build(3),
      does: "wait",
      reasons: ["us-east-1: no usage report yet", "eu-west-1: 1"],
      frees: { "eu-west-1": 4.5 },
      proof: [],
    },
    { image: "base", build: build(4), does: "keep", reasons: ["stable points at it"], frees: {}, proof: [] },
  ]);

  expect(stripVTControlCharacters(drawn).split("\n")).toEqual([
    "base",
    "  1.0.0/2    disable     it is unused  (16 GiB)",
    "  1.0.0/3    wait        us-east-1: no usage report yet  (4.5 GiB)",
    "                         eu-west-1: 1",
    "  1.0.0/4    keep        stable points at it",
    "",
    "snapshots of the 2 builds that no rule keeps: eu-west-1 13 GiB, us-east-1 8.0 GiB",
    "1 already retired",
  ]);
});
