// @module-tag deep
// @module-tag needs/sst-platform
import { expect, test } from "vitest";
import { outcomesOf } from "../../local/checks/happened.ts";
import { tryConfig } from "./try-config.ts";

test("images of Debian are built, rebuilt for an update of their archive, judged and promoted", async () => {
  const { tried, faults } = await tryConfig("debian", { seed: 1, days: 2 });

  expect(faults).toEqual([]);
  const shown = outcomesOf(tried).map(({ happening, shown: event }) => [happening.kind, event?.detailType]);
  expect(Object.fromEntries(shown)).toMatchObject({ "first-build": "build.started", advisory: "build.started" });
  const reasons = tried.events.flatMap(({ detailType, detail }) =>
    detailType === "build.started" ? [[detail.image, JSON.stringify(detail)]] : [],
  );
  expect(reasons).toContainEqual(["base", expect.stringMatching(/"id":"DSA-\d+-1"/)]);
  const passed = tried.events.flatMap(({ detailType, detail }) =>
    detailType === "channel.moved" ? [`${detail.image}/${detail.channel}`] : [],
  );
  expect(new Set(passed)).toEqual(new Set(["base/stable", "web/stable"]));
});
