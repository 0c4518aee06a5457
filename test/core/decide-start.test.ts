import { expect, test } from "vitest";
import { decideStart, type StartSituation } from "../../core/decide-start.ts";
import { parseBuildArn } from "../../events/ids.ts";
import type { Trigger } from "../../events/trigger.ts";
import factory from "../../factory.config.ts";

const base = factory.images["al2023-base"]!;
const web = factory.images["al2023-web"]!;
const build = (n: number) =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/1.0.0/${n}`);
const manual: Trigger = { kind: "manual", requestedBy: "ada" };
const parent = (n: number): Trigger => ({
  kind: "parent",
  parent: "al2023-base",
  channel: "stable",
  parentBuild: build(n),
});
const scheduled = (scheduledTime: string): Trigger => ({ kind: "schedule", scheduledTime });

const situation = (changes: Partial<StartSituation> = {}): StartSituation => ({
  image: base,
  triggers: [manual],
  building: false,
  parentBuild: undefined,
  ...changes,
});

test("a request starts a build", () => {
  expect(decideStart(situation())).toEqual({ kind: "start" });
});

test("a request waits while a build of the image is under way", () => {
  expect(decideStart(situation({ building: true }))).toEqual({ kind: "coalesce" });
});

test("the schedule starts on patch day only", () => {
  const on = (time: string) => decideStart(situation({ triggers: [scheduled(time)] })).kind;
  expect([on("2026-04-14T01:00:00Z"), on("2026-04-15T01:00:00Z")]).toEqual(["not-today", "start"]);
});

test("an off day does not hold back a request that waited with it", () => {
  const triggers = [scheduled("2026-04-14T01:00:00Z"), manual];
  expect(decideStart(situation({ triggers }))).toEqual({ kind: "start" });
});

test("a child without a promoted parent is not built, and the reason says which channel is empty", () => {
  expect(decideStart(situation({ image: web }))).toEqual({
    kind: "suppress",
    reason: "its parent al2023-base has no build in channel stable yet",
  });
});

test("a parent's promotion starts its child once the channel points at that build", () => {
  expect(decideStart(situation({ image: web, triggers: [parent(2)], parentBuild: build(2) })).kind).toBe("start");
});

test("a promotion that the parent's channel has left behind starts nothing", () => {
  const decision = decideStart(situation({ image: web, triggers: [parent(1)], parentBuild: build(2) }));
  expect(decision).toEqual({ kind: "suppress", reason: `its parent's channel points at ${build(2)} by now` });
});
