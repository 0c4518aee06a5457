import { expect, test } from "vitest";
import { describeRolloutEnded, describeRolloutHalted, sayDuration } from "../../core/rollout/notice.ts";
import { parseBuildArn } from "../../events/ids.ts";

const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1");
const of = { image: "base", channel: "stable", build, rollout: "20260415T030000000Z" };
const groups = { done: 3, failed: 12, held: 0, skipped: 1, returned: 0, open: 4 };
const shop = "shop (500000000001, eu-west-1): AWS rolled it back: An alarm went into ALARM";

test("a halt says in which wave, why, which groups failed, and how to continue", () => {
  const notice = describeRolloutHalted({ ...of, wave: "rest", why: "12 of 20 groups failed", groups, failed: [shop] });

  expect(notice).toMatchObject({
    title: "base: stable roll-out of build 1.0.1/1 halted in wave rest",
    tone: "bad",
    attributes: { event: "rollout.halted", image: "base", channel: "stable" },
    nextSteps: [
      "amint rollout base stable",
      'amint rollout base stable --resume --reason "..."',
      'amint rollout base stable --back --reason "..."',
    ],
  });
  expect(notice.lines.slice(0, 5)).toEqual([
    "Reason: 12 of 20 groups failed",
    "Groups: 3 done, 12 failed, 1 skipped, 4 pending or in progress",
    "Failed:",
    `  ${shop}`,
    "  ... and 11 more",
  ]);
});

test("a halt by a person names them; after the last wave no wave is named", () => {
  const { title, lines } = describeRolloutHalted({
    ...of,
    wave: "",
    why: "ada: errors",
    by: "ada",
    groups,
    failed: [],
  });

  expect(title).toBe("base: stable roll-out of build 1.0.1/1 halted after its last wave");
  expect(lines[0]).toBe("Halted by ada: errors");
});

test("an end is good news only where every group runs the build", () => {
  const whole = { done: 20, failed: 0, held: 0, skipped: 0, returned: 0, open: 0 };
  const ended = { ...of, outcome: "done" as const, seconds: 11_520, groups: whole, without: [] };

  expect(describeRolloutEnded(ended)).toMatchObject({
    title: "base: stable roll-out of build 1.0.1/1 completed",
    tone: "good",
    lines: ["Groups: 20 done", "Duration: 3 h 12 min", `Build: ${build}`],
    nextSteps: [],
  });
  expect(describeRolloutEnded({ ...ended, groups, without: [shop] })).toMatchObject({
    tone: "news",
    lines: expect.arrayContaining(["Not on 1.0.1/1:", `  ${shop}`, "  ... and 16 more"]),
  });
  expect(describeRolloutEnded({ ...ended, outcome: "returned", why: "ada: errors" })).toMatchObject({
    title: "base: stable roll-out of build 1.0.1/1 rolled back",
    tone: "news",
    lines: expect.arrayContaining(["Rolled back by ada: errors"]),
  });
});

test("durations are printed in their two largest units of time", () => {
  expect([20, 3_900, 86_400 * 2 + 3_600 * 3 + 120].map(sayDuration)).toEqual(["0 min", "1 h 5 min", "2 d 3 h"]);
});
