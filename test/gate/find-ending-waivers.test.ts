import { expect, test } from "vitest";
import { findEndingWaivers } from "../../core/gate/waivers.ts";

const waiver = (until: string) => ({ finding: "CVE-1", image: "*", owner: "security", reason: "not reachable", until });

test("waivers that end within a week are found, the first to end first, and those that ended are not", () => {
  const some = ["2026-04-30", "2026-04-22", "2026-04-15", "2026-04-14", "2026-04-23"].map(waiver);

  const found = findEndingWaivers(some, new Date("2026-04-15T23:59:59Z"));

  expect(found.map(({ until }) => until)).toEqual(["2026-04-15", "2026-04-22"]);
});
