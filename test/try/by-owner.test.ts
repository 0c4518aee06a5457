// @module-tag deep
// @module-tag needs/sst-platform
import { expect, test } from "vitest";
import { recordParentAmi } from "../../adapters/advisories/parent-amis.ts";
import { parseAmiId } from "../../events/ids.ts";
import { ledgerOf } from "../world/ledger.ts";
import { tryConfig } from "./try-config.ts";

test("images start from the newest AMIs of their owners, are rebuilt for newer ones, and wait for those of another pattern", async () => {
  let hours = 0;
  const other = { pattern: "136693071363 x86_64 another", name: "another", createdAt: "2026-04-01T00:00:00.000Z" };
  const { tried, faults } = await tryConfig("by-owner", {
    seed: 1,
    days: 4,
    interfere: {
      eachHour: async ({ options, request }) => {
        hours += 1;
        if (hours !== 49) return;
        // As after a deployment that changed the pattern: the resolved AMI matches another one.
        const resolved = { ...other, ami: parseAmiId("ami-0123456789abcdef0") };
        await recordParentAmi(ledgerOf(options, "amint-owners-ledger"), "base", { resolved });
        await request("base", "ada");
      },
    },
  });

  expect(faults).toEqual([]);
  const published = tried.channels.map(({ image, channel }) => `${image}/${channel}`);
  expect(published).toEqual(["base", "web", "redhat", "golden", "shared", "windows"].map((image) => `${image}/stable`));
  const updates = tried.events.filter(({ detailType }) => detailType === "base.updated");
  expect(updates.map(({ detail }) => detail.name)).toEqual([
    expect.stringMatching(/^\/imagebuilder\/amint\/owners\/parents\/(base|redhat)$/),
  ]);
  const built = tried.events.filter(({ detailType, detail }) => {
    return detailType === "build.started" && JSON.stringify(detail).includes(String(updates[0]?.detail.to));
  });
  expect(built.map(({ detail }) => detail.image)).toEqual([updates[0]?.detail.image]);
  const waited = tried.events.findIndex(
    ({ detailType, detail }) => detailType === "trigger.suppressed" && detail.code === "parent",
  );
  expect(tried.events[waited]?.detail).toMatchObject({
    image: "base",
    reason: "/imagebuilder/amint/owners/parents/base does not name an AMI that matches its parent's new pattern yet",
  });
  const started = tried.events
    .slice(waited)
    .find(({ detailType, detail }) => detailType === "build.started" && detail.image === "base");
  const hoursWaited = (Date.parse(started?.time ?? "") - Date.parse(tried.events[waited]?.time ?? "")) / 3_600_000;
  expect(hoursWaited).toBeGreaterThan(0);
  expect(hoursWaited).toBeLessThan(6);
});
