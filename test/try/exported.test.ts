import { expect, test } from "vitest";
import { exportFaults } from "../../local/checks/check-all.ts";
import { planStory } from "../../local/story/plan-story.ts";
import factory from "./configs/exports.ts";

const account = "111122223333";
const begin = Date.UTC(2026, 3, 6, 8);
const build = `arn:aws:imagebuilder:eu-west-1:${account}:image/files-machine/1.0.0/1`;
const story = planStory(factory, { account, begin, days: 5, seed: 1 });
const empty = { organization: { management: { id: "222200009999", name: "m" } }, channels: [], seen: [] };
const at = (hours: number, detailType: string, detail: object) => ({
  time: new Date(begin + hours * 3_600_000).toISOString(),
  detailType,
  detail: { image: "machine", channel: "stable", build, ...detail },
});

const faultsAfter = (...events: ReturnType<typeof at>[]) =>
  exportFaults({ ...empty, factory, account, story, events, heard: [], posted: [], slack: 0, parked: [] });

test("a build that entered a channel with exports has its files a day later", () => {
  const moved = at(10, "channel.moved", {});

  expect(faultsAfter(moved)).toEqual(["machine/stable: no files were exported of 1.0.0/1 within a day"]);
  expect(faultsAfter(moved, at(12, "export.ready", {}))).toEqual([]);
  expect(faultsAfter(moved, at(12, "channel.moved", { build: build.replace(/1$/, "2") })).length).toBe(1);
});

test("nothing is missing of a build that has just entered, or entered a channel without exports", () => {
  expect(faultsAfter(at(4 * 24 + 1, "channel.moved", {}))).toEqual([]);
  expect(faultsAfter(at(10, "channel.moved", { channel: "candidate" }))).toEqual([]);
});
