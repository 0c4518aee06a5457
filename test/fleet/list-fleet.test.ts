import { expect, test } from "vitest";
import type { FleetBuild, FleetChannel, FleetPlace } from "../../core/fleet/facts.ts";
import { agesOf, listFleet } from "../../core/fleet/list-fleet.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";

const ARN = "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0";
const arn = (nth: number) => parseBuildArn(`${ARN}/${nth}`);
const day = (nth: number) => new Date(Date.UTC(2026, 3, nth)).toISOString();

const place = (region: string, rest: Partial<FleetPlace>): FleetPlace => ({
  region,
  amiId: parseAmiId("ami-0123456789abcdef0"),
  known: { state: "reported", asOf: day(30), uses: [] },
  ...rest,
});
const used = (account: string, instances: number, launchTemplates = 0, asOf = day(30)): Partial<FleetPlace> => ({
  known: { state: "reported", asOf, uses: [{ account, instances, launchTemplates }] },
});
const build = (nth: number, startedOn: number, rest: Partial<FleetBuild> = {}): FleetBuild => ({
  image: "base",
  build: arn(nth),
  startedAt: day(startedOn),
  places: [place("eu-west-1", used("200000000001", 1))],
  ...rest,
});
const channel = (name: string, nth: number, startedOn: number, started: readonly number[]): FleetChannel => ({
  image: "base",
  channel: name,
  build: arn(nth),
  startedAt: day(startedOn),
  kept: {},
  started: started.map(day),
});

test("an account's use of a build in several regions is one row, with the time of each region's report", () => {
  const places = [
    place("eu-west-1", used("200000000001", 3, 1, day(20))),
    place("us-east-1", used("200000000001", 2, 0, day(28))),
  ];

  const { rows, ages } = listFleet([build(1, 10, { places })], []);

  expect(rows).toMatchObject([
    { account: "200000000001", instances: 5, launchTemplates: 1, ageDays: 18, standing: { kind: "none" } },
  ]);
  expect(rows[0]?.regions.map(({ region, asOf }) => [region, asOf])).toEqual([
    ["eu-west-1", day(20)],
    ["us-east-1", day(28)],
  ]);
  // Each instance is as old as its own region's report says.
  expect(ages).toEqual({ instances: 5, p50: 10, p90: 18, p100: 18 });
});

test("a build is listed with its channels, and how far it is behind or ahead of the last one", () => {
  const channels = [
    channel("candidate", 4, 20, [1, 5, 9, 20]),
    { ...channel("stable", 3, 9, [1, 5, 9]), kept: { "us-east-1": arn(2) } },
  ];
  const builds = [build(1, 1), build(2, 5), build(3, 9), build(4, 20), build(5, 25)];

  const { rows } = listFleet(builds, channels);

  expect(Object.fromEntries(rows.map(({ build: one, standing }) => [one.slice(-1), standing]))).toEqual({
    1: { kind: "behind", channel: "stable", builds: 2, days: 8 },
    2: { kind: "in", channels: ["stable in us-east-1"] },
    3: { kind: "in", channels: ["stable"] },
    4: { kind: "in", channels: ["candidate"] },
    5: { kind: "ahead", channel: "stable" },
  });
});

test("a channel that was rolled back does not count as behind the build that it left", () => {
  const { rows } = listFleet([build(1, 1)], [channel("stable", 2, 5, [1, 5, 9])]);

  expect(rows[0]?.standing).toEqual({ kind: "behind", channel: "stable", builds: 1, days: 4 });
});

test("revoked and deprecated builds are marked; a date of deprecation to come is none", () => {
  const deprecatedFrom = (at: string) => ({ places: [place("eu-west-1", { ...used("a", 1), deprecatedFrom: at })] });
  const builds = [
    build(1, 1, { revoked: { at: day(2), reason: "CVE" } }),
    build(2, 2, deprecatedFrom(day(30))),
    build(3, 3, deprecatedFrom(day(31))),
    build(4, 4, { retiring: true }),
  ];

  const { rows } = listFleet(builds, []);

  expect(rows.map(({ build: one, revoked, deprecated }) => [one.slice(-1), revoked, deprecated])).toEqual([
    ["1", true, false],
    ["2", false, true],
    ["3", false, false],
    ["4", false, true],
  ]);
});

test("what is unknown is in no row and no percentile, but is listed with its region and the reason", () => {
  const unknown = place("us-east-1", { known: { state: "unknown", why: "EC2 was never asked" } });
  const builds = [
    build(1, 10, { places: [place("eu-west-1", { ...used("a", 2), pendingSince: day(29) }), unknown] }),
    build(2, 11, { places: [place("eu-west-1", { newerFailed: "it failed" }), unknown] }),
  ];

  const fleet = listFleet(builds, []);

  expect(fleet.rows).toHaveLength(1);
  expect(fleet.images).toEqual([{ image: "base", ages: { instances: 2, p50: 20, p90: 20, p100: 20 } }]);
  expect(fleet.unknown.map(({ build: one, region, why }) => [one, region, why])).toEqual([
    [arn(1), "us-east-1", "EC2 was never asked"],
    [arn(2), "us-east-1", "EC2 was never asked"],
  ]);
  expect(fleet.regions).toEqual([
    { region: "eu-west-1", asOf: { oldest: day(30), newest: day(30) }, reported: 2, unknown: 0 },
    { region: "us-east-1", reported: 0, unknown: 2 },
  ]);
  expect(fleet.older).toEqual([{ image: "base", build: arn(2), region: "eu-west-1", why: "it failed" }]);
  expect(fleet.pending).toEqual([{ build: arn(1), region: "eu-west-1", since: day(29) }]);
});

test("age percentiles are those of instances, by nearest rank, however builds are ordered", () => {
  const ages = agesOf([
    { days: 90, instances: 1 },
    { days: 2, instances: 5 },
    { days: 30, instances: 4 },
  ]);

  expect(ages).toEqual({ instances: 10, p50: 2, p90: 30, p100: 90 });
});

test("one instance more beyond the rank moves the percentile", () => {
  const fiveOfTen = agesOf([
    { days: 2, instances: 4 },
    { days: 30, instances: 4 },
    { days: 90, instances: 2 },
  ]);

  expect(fiveOfTen).toEqual({ instances: 10, p50: 30, p90: 90, p100: 90 });
});

test("of three instances the middle one is the median, and nine in ten are all of them", () => {
  const ages = agesOf([2, 30, 90].map((days) => ({ days, instances: 1 })));

  expect(ages).toEqual({ instances: 3, p50: 30, p90: 90, p100: 90 });
});

test("launch templates alone have no age: without an instance no percentiles exist", () => {
  const ages = agesOf([{ days: 40, instances: 0 }]);

  expect(ages).toBeUndefined();
});
