import { describe, expect, test } from "vitest";
import { heldIn, isEnough, leaveBehind, parametersOf, type RegionRule } from "../../core/channel/regions.ts";
import { planCatchUps } from "../../core/repair/find-drift.ts";
import { type AmiId, type BuildArn, parseAmiId, parseBuildArn } from "../../events/ids.ts";

const build = (n: number): BuildArn =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/${n}`);
const ami = (n: number): AmiId => parseAmiId(`ami-000000000000000${n}`);
const [home, east, west] = ["eu-west-1", "us-east-1", "us-west-2"];
const rule: RegionRule = { regions: [home, east, west], quorum: 2, buildRegion: home, all: [home, east, west] };

describe("a channel's rule", () => {
  test("counts the channel's own regions, the build region among them", () => {
    expect(isEnough(rule, [home, west])).toBe(true);
    expect(isEnough(rule, [home])).toBe(false);
    expect(isEnough(rule, [home, "eu-north-1"])).toBe(false);
    expect(isEnough(rule, [east, west])).toBe(false);
    expect(isEnough({ ...rule, regions: [east, west] }, [east, west])).toBe(true);
  });

  test("a region left behind keeps what it has, also what it kept before", () => {
    const current = {
      build: build(2),
      amis: { [home]: ami(2), [east]: ami(3) },
      behind: { [west]: { why: "down", build: build(1), amiId: ami(1) } },
    };

    const behind = leaveBehind(rule, current, [home], new Map([[east, "no key"]]));

    expect(behind).toEqual({
      [east]: { why: "no key", build: build(2), amiId: ami(3) },
      [west]: { why: "it is not shared there", build: build(1), amiId: ami(1) },
    });
    expect(parametersOf({ build: build(3), amis: { [home]: ami(4) }, behind })).toEqual({
      [home]: ami(4),
      [east]: ami(3),
      [west]: ami(1),
    });
    expect(leaveBehind(rule, undefined, [home], new Map([[east, "no key"]]))[east]).toEqual({ why: "no key" });
  });

  test("a region that left the channel keeps its build, and one that never was in it is not named", () => {
    const current = { build: build(1), amis: { [home]: ami(1), [west]: ami(2) } };

    const behind = leaveBehind({ ...rule, regions: [home] }, current, [home], new Map());

    expect(behind).toEqual({
      [west]: { why: "the channel is no longer published there", build: build(1), amiId: ami(2) },
    });
  });

  test("a region that may not keep anything has nothing", () => {
    const pointed = { build: build(2), amis: {}, behind: { [west]: { why: "it was revoked" } } };

    expect(heldIn(pointed, west)).toBeUndefined();
    expect(parametersOf(pointed)).toEqual({});
  });
});

describe("catching up", () => {
  const share = { organization: false, organizationalUnits: [], accounts: ["444455556666"] };
  const channel = (name: string, more: object = {}) => ({ name, share, soak: { usual: 3600, urgent: 3600 }, ...more });
  const image = { regions: undefined, channels: [channel("candidate"), channel("stable", { regions: [home, east] })] };
  const factory = { regions: [home, east, west], buildRegion: home };
  const now = new Date("2026-04-01T12:00:00Z");
  const standing = (n: number, regions: readonly string[], movedAt = "2026-04-01T08:00:00Z", more: object = {}) => ({
    build: build(n),
    amis: Object.fromEntries(regions.map((region) => [region, ami(n)])),
    movedAt,
    ...more,
  });
  const plan = (channels: Parameters<typeof planCatchUps>[2]) => planCatchUps(factory, image as never, channels, now);

  test("takes each build to the regions that its channels lack, without quorum, soak or approval", () => {
    expect(plan({ candidate: standing(2, [home]), stable: standing(2, [home]) })).toEqual([
      {
        build: build(2),
        again: {
          distribute: [{ region: east }, { region: west }],
          channels: [
            { name: "candidate", regions: [east, west], quorum: 0, soakSeconds: 0 },
            { name: "stable", regions: [east], quorum: 0, soakSeconds: 0 },
          ],
        },
      },
    ]);
  });

  test("channels at different builds catch up apart, and what is everywhere not at all", () => {
    expect(plan({ candidate: standing(2, [home, east]), stable: standing(1, [home]) }).map((one) => one.build)).toEqual(
      [build(2), build(1)],
    );
    expect(plan({ candidate: standing(2, [home, east, west]), stable: standing(1, [home, east]) })).toEqual([]);
    expect(plan({})).toEqual([]);
  });

  test("the build region is shared, never copied", () => {
    const [one] = plan({ stable: standing(1, [east]) });

    expect(one?.again).toMatchObject({ distribute: [], channels: [{ regions: [home] }] });
  });

  test("a channel that moved a moment ago, or whose regions just changed, is left alone", () => {
    expect(plan({ stable: standing(1, [home], "2026-04-01T11:45:00Z") })).toEqual([]);
    const changed = standing(1, [home], "2026-04-01T08:00:00Z", { changedAt: "2026-04-01T11:45:00Z" });
    expect(plan({ stable: changed })).toEqual([]);
  });
});
