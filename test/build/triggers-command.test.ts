import { execFile } from "node:child_process";
import { promisify, stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { describeImage } from "../../cli/build/describe-image.ts";
import { drawImage } from "../../cli/build/draw-image.ts";
import { inDuration, toMoment } from "../../cli/command/moments.ts";
import { every, patchTuesday } from "../../core/factory/schedule-schema.ts";
import example from "../../factory.config.ts";
import { factoryOf, imageOf } from "../world/factory-of.ts";

const run = promisify(execFile);
const amint = (...args: string[]) =>
  run(process.execPath, ["cli/command/amint.mjs", "triggers", ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );

const factory = factoryOf({
  blackouts: [
    { from: "2026-12-05T00:00", to: "2027-01-11T08:00", timezone: "Europe/Zurich", reason: "year-end freeze" },
    { cron: "0 18 ? * FRI *", duration: "60h", images: ["weekly"], reason: "weekend" },
  ],
  images: {
    base: imageOf({
      description: "Patched and hardened",
      triggers: {
        schedule: patchTuesday({ plusDays: 1, at: "03:00", timezone: "Europe/Zurich", window: "30m" }),
        packages: { severity: "important" },
        base: true,
        minimumInterval: "24h",
      },
    }),
    web: imageOf({
      parent: { image: "base", channel: "stable" },
      triggers: { parent: true, packages: { severity: "unknown", release: "2023.8.20260413" } },
    }),
    weekly: imageOf({ triggers: { schedule: every("cron(0 12 ? * FRI,SAT *)"), breaker: { failures: 1 } } }),
    paced: imageOf({ triggers: { schedule: every("rate(7 days)"), minimumInterval: "0m" } }),
    past: imageOf({ triggers: { schedule: every("cron(0 12 1 1 ? 2025)") } }),
  },
});

const drawn = (name: string, count = 2): string[] =>
  stripVTControlCharacters(drawImage(describeImage(factory, name, new Date("2026-11-01T00:00:00Z"), count))).split(
    "\n",
  );

describe("an image's triggers, drawn,", () => {
  test("show each with its meaning, and dates on both clocks with what keeps them waiting", () => {
    expect(drawn("base")).toEqual([
      "base  Patched and hardened",
      "  schedule  the day after Patch Tuesday at 03:00 in Europe/Zurich, or up to 30m later",
      "            Wed 2026-11-11 03:00 +01:00   Wed 2026-11-11 02:00 UTC",
      "            Wed 2026-12-09 03:00 +01:00   Wed 2026-12-09 02:00 UTC   waits until Mon 2027-01-11 08:00 +01:00 (year-end freeze)",
      "  packages  advisories on installed packages, important or worse, fixed in the latest release",
      "  base      another AMI in /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
      "  request   npx amint build base, at any time",
      "  blackout  2026-12-05 00:00 to 2027-01-11 08:00 in Europe/Zurich: year-end freeze",
      "  limits    at least 24h between starts; after 3 failed builds in a row, only on request",
    ]);
  });

  test("name the parent, and whose packages they are", () => {
    expect(drawn("web")).toEqual([
      "web",
      "  packages  advisories on the packages it adds to base, fixed in 2023.8.20260413",
      "  parent    another build of base in channel stable",
      "  request   npx amint build web, at any time",
      "  blackout  2026-12-05 00:00 to 2027-01-11 08:00 in Europe/Zurich: year-end freeze",
      "  limits    at least 1h between starts; after 3 failed builds in a row, only on request",
    ]);
  });

  test("tell UTC once, and a recurring blackout in the config's words", () => {
    expect(drawn("weekly", 2)).toEqual([
      "weekly",
      "  schedule  cron(0 12 ? * FRI,SAT *) in UTC",
      "            Fri 2026-11-06 12:00 UTC",
      "            Sat 2026-11-07 12:00 UTC   waits until Mon 2026-11-09 06:00 UTC (weekend)",
      "  request   npx amint build weekly, at any time",
      "  blackout  2026-12-05 00:00 to 2027-01-11 08:00 in Europe/Zurich: year-end freeze",
      "  blackout  60h from each cron(0 18 ? * FRI *) in UTC: weekend",
      "  limits    at least 1h between starts; after 1 failed build, only on request",
    ]);
  });

  test("state that a rate's dates depend on its deployment, and that a schedule is over", () => {
    expect(drawn("paced", 2).slice(1, 5)).toEqual([
      "  schedule  rate(7 days) in UTC",
      "            counts from the deployment; if deployed now:",
      "            Sun 2026-11-01 00:00 UTC",
      "            Sun 2026-11-08 00:00 UTC",
    ]);
    expect(drawn("paced").at(-1)).toBe("  limits    after 3 failed builds in a row, only on request");
    expect(drawn("past")[2]).toBe("            no further date");
  });
});

test.each([
  [60, "1m"],
  [5_400, "90m"],
  [3_600, "1h"],
  [86_400, "24h"],
  [172_800, "2d"],
])("%i seconds are %s", (seconds, text) => {
  expect(inDuration(seconds)).toBe(text);
});

test("a date is read in UTC or with its offset, and must exist", () => {
  expect(["2026-04-01", "2026-04-01T03:00", "2026-04-01T03:00:30Z", "2026-04-01T03:00+02:00"].map(toMoment)).toEqual(
    [0, 3 * 3_600_000, 3 * 3_600_000 + 30_000, 3_600_000].map((ms) => new Date(Date.UTC(2026, 3, 1) + ms)),
  );
  for (const text of [
    "April",
    "2026-04-31",
    "2026-02-29T03:00",
    "2026-04-01T25:00",
    "01.04.2026",
    "2026-04-01 03:00",
  ]) {
    expect(() => toMoment(text)).toThrow("Use a date such as 2026-04-01");
  }
});

describe("amint triggers", () => {
  test("as JSON tells every image of the config and the dates asked for", async () => {
    const { code, stdout, stderr } = await amint("--json", "--count", "2", "--from", "2026-04-01");

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { factory: name, from, images } = JSON.parse(stdout);
    expect([name, from]).toEqual(["acme", "2026-04-01T00:00:00.000Z"]);
    expect(images.map((one: { image: string }) => one.image)).toEqual(Object.keys(example.images));
    const dates = images[0].schedule.dates.map(({ at }: { at: string }) => at);
    expect(dates).toEqual(["2026-04-15T01:00:00.000Z", "2026-05-13T01:00:00.000Z"]);
  });

  test("of one image draws that one", async () => {
    const { code, stdout } = await amint("al2023-base", "--from", "2026-04-01");
    expect(code).toBe(0);
    expect(stdout).toContain("Wed 2026-04-15 03:00 +02:00   Wed 2026-04-15 01:00 UTC");
    expect(stdout).not.toContain("ubuntu");
  });

  test.each([
    [
      ["al2032-base"],
      `The factory acme has no image "al2032-base"; it has ${Object.keys(example.images).join(", ")}.`,
      1,
    ],
    [["--count", "0"], "A number from 1 to 1000.", 64],
    [["--from", "tomorrow"], "Use a date such as 2026-04-01 or 2026-04-01T03:00 (UTC)", 64],
  ])("%j is refused with what would be valid", async (args, reason, exitCode) => {
    const { code, stdout, stderr } = await amint(...args);
    expect([code, stdout]).toEqual([exitCode, ""]);
    expect(stderr).toContain(reason);
  });
});
