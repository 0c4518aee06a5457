// @module-tag needs/sst-platform
import { expect, test } from "vitest";
import { outcomesOf } from "../../local/checks/story-outcomes.ts";
import { tryConfig } from "./try-config.ts";

test("a config unlike the example passes, and everything that can happen to it in two days does", async () => {
  const { tried, faults } = await tryConfig("one-region", { seed: 1, days: 2 });

  expect(faults).toEqual([]);
  expect(tried.story.impossible).toEqual([{ what: "a patch night", why: "no image has a schedule" }]);
  const shown = outcomesOf(tried).map(({ planned, shown: event }) => [planned.kind, event?.detailType]);
  expect(Object.fromEntries(shown)).toEqual({
    "first-build": "build.started",
    again: "build.started",
    "failing-component": "build.failed",
    advisory: "build.started",
    "rejected-gate": "gate.rejected",
    "base-update": "build.started",
    rollback: "channel.moved",
    revocation: "build.revoked",
  });
  expect(tried.channels[0]?.launchableBy.length).toBeGreaterThan(0);
});
