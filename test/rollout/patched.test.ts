import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { drawPatched } from "../../cli/rollout/draw-patched.ts";
import { describeFleetReported } from "../../core/fleet/notice.ts";
import type { Clock } from "../../core/rollout/clock.ts";
import { exposureMetrics, listPatched, openAccounts, summarizePatched, toPatched } from "../../core/rollout/patched.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { HOUR, watchOne } from "../advisories/watch-one.ts";

const build = (nth: number) =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/${nth}`);

const SEEN = "2026-04-14T10:00:00.000Z";

const open: Clock = {
  image: "base",
  channel: "stable",
  advisory: "ALAS2023-2026-2",
  severity: "important",
  cves: [],
  seenAt: SEEN,
  affected: { build: build(1), startedAt: "2026-04-01T08:00:00.000Z" },
  fixes: [],
  stillOpen: [],
  milestones: {},
  totals: { accounts: 3, unknown: 1, refused: 0, population: 10, left: 8, fresh: 2, heard: 0 },
};

const done: Clock = {
  ...open,
  advisory: "ALAS2023-2026-1",
  cves: ["CVE-2026-1", "CVE-2026-2", "CVE-2026-3"],
  publishedAt: "2026-04-13T20:10:00.000Z",
  fix: {
    build: build(2),
    startedAt: "2026-04-14T10:05:00.000Z",
    builtAt: "2026-04-14T10:50:00.000Z",
    promotedAt: "2026-04-14T11:00:00.000Z",
    sharedAt: "2026-04-15T11:02:00.000Z",
  },
  milestones: {
    p50: { seconds: 4_800, within: 300 },
    p90: { seconds: 11_100, within: 300 },
    p100: { seconds: 100_800, within: 600 },
  },
  totals: { accounts: 3, unknown: 0, refused: 0, population: 40, left: 0, fresh: 0, heard: 0 },
  ended: { at: "2026-04-15T14:00:00.000Z", why: "patched" },
};

test("a line for each advisory says when what happened, how exactly that is known, and what is open", () => {
  const accounts = openAccounts(
    new Map([
      ["200000000001", { at: 60, milestones: {}, known: { population: 1, left: 0, fresh: 0, at: 60 } }],
      ["200000000002", { at: 60, milestones: {}, known: { population: 9, left: 8, fresh: 2, at: 60 } }],
      ["200000000003", { at: 60, milestones: {}, failed: { why: "ThrottlingException: slow down", refused: false } }],
    ]),
  );

  const why = { severity: "important", exploited: ["CVE-2026-1"], listed: "2026-04-13" } as const;
  const urgent = { advisory: "ALAS2023-2026-1", since: SEEN, ...why, exploited: [...why.exploited] };
  const drawn = stripVTControlCharacters(
    drawPatched([
      { clock: done, urgent },
      { clock: open, accounts },
    ]),
  );

  expect(drawn.split("\n").slice(0, 6)).toEqual([
    "image  channel  advisory         CVEs           published   seen (UTC)        build    built    promoted  50 %       90 %       100 %      open",
    "base   stable   ALAS2023-2026-1  CVE-2026-1 +2  2026-04-13  2026-04-14 10:00  1.0.0/2  +50m     +1d1h     1h20m -5m  3h05m -5m  1d4h -10m  0 of 40",
    "    urgent: ALAS2023-2026-1 is exploited: CVE-2026-1 (listed on 2026-04-13)",
    "base   stable   ALAS2023-2026-2  none           unknown     2026-04-14 10:00  not yet  not yet  not yet   open       open       open       8 of 10, 2 launched since, NOT KNOWN in 1 account",
    "    200000000002  8 open, 2 launched since",
    "    200000000003  NOT KNOWN: ThrottlingException: slow down",
  ]);
});

test("programs get seconds since the advisory was seen, and null while open", () => {
  expect(toPatched(done)).toMatchObject({
    image: "base",
    advisory: "ALAS2023-2026-1",
    publishedAt: "2026-04-13T20:10:00.000Z",
    seenAt: SEEN,
    build: build(2),
    p50: 4_800,
    p90: 11_100,
    p100: 100_800,
    within: { p50: 300, p90: 300, p100: 600 },
    left: 0,
    ended: "patched",
  });
  expect(toPatched(open)).toMatchObject({
    publishedAt: null,
    build: null,
    p50: null,
    p90: null,
    p100: null,
    instances: 10,
    left: 8,
    launchedSince: 2,
    unknownAccounts: 1,
    ended: null,
  });
});

test("clocks that ended before are left out, and those that had nothing to patch", () => {
  const nothing: Clock = {
    ...done,
    advisory: "none",
    ended: { at: "2026-04-20T00:00:00.000Z", why: "nothing-to-patch" },
  };
  const other: Clock = { ...open, image: "web" };

  const names = (asked: Parameters<typeof listPatched>[1]) =>
    listPatched([done, open, nothing, other], asked).map(({ image, advisory }) => `${image} ${advisory}`);

  expect(names({})).toEqual(["base ALAS2023-2026-1", "base ALAS2023-2026-2", "web ALAS2023-2026-2"]);
  expect(names({ since: new Date("2026-04-16"), image: "base" })).toEqual(["base ALAS2023-2026-2"]);
});

test("the metric grows while an advisory is open, says the time to 90 % once, and counts no instance twice", () => {
  const at = (iso: string) => new Date(iso);
  const reached: Clock = { ...done, ended: undefined as never, milestones: { p90: { seconds: 3_600, within: 300 } } };

  expect(exposureMetrics([open], at("2026-04-15T10:00:00Z"))).toEqual({
    PatchedSeconds90: 86_400,
    UnpatchedInstances: 10,
  });
  expect(exposureMetrics([reached], at("2026-04-14T11:00:00Z")).PatchedSeconds90).toBe(3_600);
  expect(exposureMetrics([reached], at("2026-04-14T11:05:00Z")).PatchedSeconds90).toBeUndefined();
  expect(exposureMetrics([open, { ...open, advisory: "x" }], at(SEEN)).UnpatchedInstances).toBe(10);
});

test("the month's summary has the advisories that were seen in it, and the notice says them in a line", () => {
  const slow: Clock = { ...done, advisory: "slow", milestones: { p90: { seconds: 180_000, within: 300 } } };
  const old: Clock = { ...slow, advisory: "old", seenAt: "2026-03-01T10:00:00.000Z" };
  const since = new Date("2026-04-01T00:00:00Z");

  const patched = summarizePatched([done, slow, open, old], "base", since);
  const { lines, nextSteps } = describeFleetReported({
    image: "base",
    month: "2026-05",
    reported: 0,
    accounts: 0,
    instances: 0,
    launchTemplates: 0,
    unwanted: [],
    moreUnwanted: 0,
    unknown: [],
    moreUnknown: 0,
    ...(patched && { patched }),
  });

  expect(patched).toEqual({ advisories: 3, open: 1, p90: { median: 11_100, slowest: 180_000 } });
  expect(lines).toContain(
    "Advisories of the last 30 days: 3. 90 % of the instances were patched after 3h05m (median), 2d2h (slowest); 1 advisory below 90 %",
  );
  expect(nextSteps).toContain("amint patched --image base --since 30d --accounts");
  expect(summarizePatched([old], "base", since)).toBeUndefined();
  expect(summarizePatched([done], "web", since)).toBeUndefined();
});

const openssl = {
  name: "openssl",
  epoch: "1",
  version: "3.2.2",
  release: "1.amzn2023",
  architecture: "x86_64",
  source: "openssl",
  module: "",
};

const publication = (id: string, at: number, severity: "low" | "important") => ({
  at,
  os: "al2023" as const,
  advisory: { id, severity, cves: ["CVE-2026-1"] },
  packages: [{ name: "openssl", version: "1:3.2.2-2.amzn2023", architecture: "x86_64" }],
});

test("an advisory's clock starts at the look that finds it, with the vendor's date and what it fixes, and once", async () => {
  const { repository, time, look, clocks } = await watchOne({ os: "al2023", packages: [openssl], rollout: true });
  await look();
  const before = await clocks();
  const issued = time.now + 90 * 60_000;
  repository.publish(publication("ALAS2023-2026-1", issued, "important"));
  repository.publish(publication("ALAS2023-2026-2", issued, "low"));

  time.now += 2 * HOUR;
  const seen = time.now;
  await look();
  time.now += 2 * HOUR;
  await look();

  expect(before).toEqual([]);
  expect(await clocks()).toEqual([
    {
      image: "base",
      channel: "stable",
      advisory: "ALAS2023-2026-1",
      severity: "important",
      cves: ["CVE-2026-1"],
      publishedAt: new Date(issued).toISOString(),
      seenAt: new Date(seen).toISOString(),
      affected: { build: expect.stringContaining("base/1.0.0/1"), startedAt: "2026-03-31T00:00:00Z" },
      fixes: [{ name: "openssl", architecture: "x86_64", version: "1:3.2.2-2.amzn2023" }],
      stillOpen: [],
      milestones: {},
    },
  ]);
});

test("without roll-outs no clock starts", async () => {
  const { repository, time, look, clocks } = await watchOne({ os: "al2023", packages: [openssl] });
  repository.publish(publication("ALAS2023-2026-1", time.now, "important"));
  time.now += HOUR;

  const { announce } = await look();

  expect(announce.map(({ id }) => id)).toEqual(["ALAS2023-2026-1"]);
  expect(await clocks()).toEqual([]);
});
