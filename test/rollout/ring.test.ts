import fc from "fast-check";
import { expect, test } from "vitest";
import {
  beginRing,
  moveRingAt,
  moveRingEverywhere,
  placeOf,
  planRing,
  type Ring,
  returnRing,
  returnRingAt,
  ringAmi,
  ringAmisOf,
  ringBuilds,
  ringHeld,
  sayTheSame,
  settleRing,
  type Version,
} from "../../core/rollout/ring.ts";
import { type BuildArn, parseAmiId } from "../../events/ids.ts";

const ACCOUNTS = ["200000000001", "200000000002", "200000000003"] as const;
const REGIONS = ["eu-west-1", "us-east-1"] as const;
const PLACES = ACCOUNTS.flatMap((account) => REGIONS.map((region) => placeOf(account, region)));
const BUILDS = 5;

const buildOf = (nth: number) => `arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.${nth}/1` as BuildArn;
const amiOf = (nth: number, region: string) =>
  parseAmiId(`ami-${String(nth).padStart(8, "0")}${region.startsWith("eu") ? 0 : 1}`.slice(0, 21));

/** A build in these regions; the others are behind, and keep another build's AMI or nothing. */
function version(nth: number, regions: readonly string[] = REGIONS, kept?: number): Version {
  const amis = Object.fromEntries(regions.map((region) => [region, amiOf(nth, region)]));
  const missing = REGIONS.filter((region) => !regions.includes(region));
  if (missing.length === 0) return { build: buildOf(nth), amis };
  const held = (region: string) => (kept === undefined ? {} : { build: buildOf(kept), amiId: amiOf(kept, region) });
  const behind = Object.fromEntries(missing.map((region) => [region, { why: "its copy failed", ...held(region) }]));
  return { build: buildOf(nth), amis, behind };
}

const one = placeOf(ACCOUNTS[0], "eu-west-1");
const ringAt = (nth: number): Ring => ({ from: version(nth) });

/** What each place has. */
const held = (ring: Ring) =>
  new Map(
    ACCOUNTS.flatMap((account) =>
      REGIONS.map((region) => [placeOf(account, region), ringHeld(ring, account, region)?.build] as const),
    ),
  );

test("a wave's first group goes alone; the others follow together", () => {
  const begun = beginRing(ringAt(1), version(2), { rollout: "r1", places: [one] });

  expect(ringAmi(begun, ACCOUNTS[0], "eu-west-1")).toBe(amiOf(2, "eu-west-1"));
  expect(ringAmi(begun, ACCOUNTS[0], "us-east-1")).toBe(amiOf(1, "us-east-1"));
  expect(ringAmisOf(begun, ACCOUNTS[1])).toEqual(version(1).amis);
  expect(ringAmisOf(moveRingEverywhere(begun), ACCOUNTS[1])).toEqual(version(2).amis);
  expect(settleRing(moveRingEverywhere(begun))).toEqual({ from: version(2), rollout: "r1" });
});

test("the same step twice is the same as once", () => {
  const begun = beginRing(ringAt(1), version(2), { rollout: "r1", places: [one] });

  expect(beginRing(begun, version(2), { rollout: "r1", places: [one] })).toEqual(begun);
  expect(moveRingAt(begun, [one])).toEqual(begun);
  expect(returnRingAt(returnRingAt(begun, [one]), [one])).toEqual(returnRingAt(begun, [one]));
  expect(settleRing(settleRing(begun))).toEqual(settleRing(begun));
});

test("a place that was rolled back keeps its AMI when the roll-out ends, until the next one moves it", () => {
  const moved = moveRingEverywhere(beginRing(ringAt(1), version(2), { rollout: "r1", places: [one] }));

  const ended = settleRing(returnRingAt(moved, [one]));
  const next = moveRingEverywhere(beginRing(ended, version(3), { rollout: "r2", places: [] }));

  expect(held(ended).get(one)).toBe(buildOf(1));
  expect(held(ended).get(placeOf(ACCOUNTS[1], "eu-west-1"))).toBe(buildOf(2));
  expect(ringBuilds(ended).toSorted()).toEqual([buildOf(1), buildOf(2)]);
  expect(new Set(held(next).values())).toEqual(new Set([buildOf(3)]));
  expect(settleRing(next)).toEqual({ from: version(3), rollout: "r2" });
});

test("a region that lacks the build keeps what the ring had there", () => {
  const moved = moveRingEverywhere(
    beginRing(
      ringAt(1),
      { build: buildOf(2), amis: { "eu-west-1": amiOf(2, "eu-west-1") } },
      { rollout: "r1", places: [] },
    ),
  );

  expect(ringHeld(moved, ACCOUNTS[0], "us-east-1")).toEqual({ build: buildOf(1), amiId: amiOf(1, "us-east-1") });
  expect(ringBuilds(settleRing(moved))).toContain(buildOf(1));
});

const facts = (channel: Version | undefined, ...withdrawn: number[]) => ({
  channel,
  withdrawn: new Set(withdrawn.map(buildOf)),
  configured: true,
});

test("a new ring has what its channel has; it stays there when the channel moves", () => {
  const made = planRing(undefined, facts(version(1)));

  expect(made).toEqual(ringAt(1));
  expect(planRing(made, facts(version(2)))).toBe(made);
  expect(planRing(undefined, facts(undefined))).toBeUndefined();
  expect(planRing(undefined, { ...facts(version(1)), configured: false })).toBeUndefined();
});

test("a region in which the channel is new gets what the channel has there, the others keep what they have", () => {
  const made = planRing(
    { from: { build: buildOf(1), amis: { "eu-west-1": amiOf(1, "eu-west-1") } } },
    facts(version(2)),
  );

  expect(made && ringAmisOf(made, ACCOUNTS[0])).toEqual({
    "eu-west-1": amiOf(1, "eu-west-1"),
    "us-east-1": amiOf(2, "us-east-1"),
  });
});

test("a ring that names a revoked build moves to what its channel has by then, or stays empty", () => {
  const begun = beginRing(ringAt(1), version(2), { rollout: "r1", places: [one] });

  expect(planRing(begun, facts(version(1), 2))).toEqual({ from: version(1), rollout: "r1" });
  expect(planRing(begun, facts(version(2), 1))).toEqual({ from: version(2), rollout: "r1" });
  expect(planRing(begun, facts(undefined, 2))).toBeUndefined();
  // The channel has not left the build yet.
  expect(planRing(ringAt(2), facts(version(2), 2))).toBeUndefined();
  expect(planRing(ringAt(2), facts(version(3, ["eu-west-1"], 2), 2))).toEqual({ from: version(3, ["eu-west-1"]) });
  expect(planRing(begun, facts(undefined, 3))).toBe(begun);
});

test("a build that only some places or regions still have leaves those, and the ring stays", () => {
  const moved = moveRingEverywhere(beginRing(ringAt(1), version(2), { rollout: "r1", places: [one] }));
  const ended = settleRing(returnRingAt(moved, [one]));
  const behind: Ring = { from: version(2, ["eu-west-1"], 1) };

  const followed = planRing(ended, facts(version(3), 1));

  expect(followed).toEqual({ from: version(2), rollout: "r1" });
  expect(planRing(behind, facts(version(3), 1))?.from).toMatchObject({
    ...version(2, ["eu-west-1"]),
    behind: { "us-east-1": { build: buildOf(3), amiId: amiOf(3, "us-east-1") } },
  });
  expect(planRing(behind, facts(undefined, 1))).toEqual({ from: version(2, ["eu-west-1"]) });
});

const someVersion = fc
  .tuple(
    fc.integer({ min: 1, max: BUILDS }),
    fc.constantFrom(REGIONS, ["eu-west-1"]),
    fc.option(fc.integer({ min: 1, max: BUILDS }), { nil: undefined }),
  )
  .map(([nth, regions, kept]) => version(nth, regions, kept));
const somePlaces = fc.uniqueArray(fc.constantFrom(...PLACES), { maxLength: 3 });
const someBuild = fc.integer({ min: 1, max: BUILDS }).map(buildOf);

type Act =
  | { readonly does: "begin"; readonly version: Version; readonly rollout: string; readonly places: readonly string[] }
  | { readonly does: "moveAt" | "takeBackAt"; readonly places: readonly string[] }
  | { readonly does: "everywhere" | "takeBack" | "settle" }
  | { readonly does: "withdraw"; readonly build: BuildArn; readonly channel: Version | undefined };

const someAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    does: fc.constant("begin" as const),
    version: someVersion,
    rollout: fc.constantFrom("r1", "r2", "r3"),
    places: somePlaces,
  }),
  fc.record({ does: fc.constantFrom("moveAt" as const, "takeBackAt" as const), places: somePlaces }),
  fc.record({ does: fc.constantFrom("everywhere" as const, "takeBack" as const, "settle" as const) }),
  fc.record({
    does: fc.constant("withdraw" as const),
    build: someBuild,
    channel: fc.option(someVersion, { nil: undefined }),
  }),
);

function carryOut(ring: Ring, act: Act): Ring | undefined {
  switch (act.does) {
    case "begin":
      return beginRing(ring, act.version, act);
    case "moveAt":
      return moveRingAt(ring, act.places);
    case "takeBackAt":
      return returnRingAt(ring, act.places);
    case "everywhere":
      return moveRingEverywhere(ring);
    case "takeBack":
      return returnRing(ring);
    case "settle":
      return settleRing(ring);
    case "withdraw":
      return planRing(ring, { channel: act.channel, withdrawn: new Set([act.build]), configured: false });
  }
}

/** What must hold after an act, whatever was before. */
function check(before: Ring, act: Act, after: Ring): void {
  const [had, has] = [held(before), held(after)];
  const changed = PLACES.filter((place) => had.get(place) !== has.get(place));
  const named = ringBuilds(after);
  for (const build of has.values()) if (build) expect(named).toContain(build);
  switch (act.does) {
    case "settle":
      expect(changed).toEqual([]);
      expect(after.to).toBeUndefined();
      return;
    case "begin":
    case "moveAt":
    case "takeBackAt":
      expect(changed.filter((place) => !act.places.includes(place))).toEqual([]);
      return;
    case "withdraw":
      expect(named).not.toContain(act.build);
      if (!ringBuilds(before).includes(act.build)) expect(after).toEqual(before);
      if (act.build !== before.from.build && act.build !== before.to?.build) {
        expect(changed.filter((place) => had.get(place) && had.get(place) !== act.build)).toEqual([]);
      }
      return;
    case "everywhere":
      for (const place of PLACES) {
        const region = place.split("/")[1] ?? "";
        if (before.to?.amis[region]) expect(has.get(place)).toBe(before.to.build);
      }
      return;
    case "takeBack":
      expect(after.to).toBeUndefined();
  }
}

test("in any history only a step's own places change, no revoked build stays, and what a place has is named", () => {
  fc.assert(
    fc.property(someVersion, fc.array(someAct, { maxLength: 25 }), (first, acts) => {
      let ring: Ring = { from: first };
      for (const act of acts) {
        const next = carryOut(ring, act);
        if (!next) {
          expect(act.does).toBe("withdraw");
          return;
        }
        check(ring, act, next);
        ring = next;
      }
    }),
    { numRuns: 1_000, seed: 24 },
  );
});

test("in any history no place loses its AMI, except by a revocation, or by a rollback to when it had none", () => {
  fc.assert(
    fc.property(someVersion, fc.array(someAct, { maxLength: 25 }), (first, acts) => {
      let ring: Ring = { from: first };
      for (const act of acts.filter(({ does }) => does !== "withdraw")) {
        const had = held(ring);
        ring = carryOut(ring, act) ?? ring;
        const has = held(ring);
        if (act.does.startsWith("takeBack")) continue;
        expect(PLACES.filter((place) => had.get(place) && !has.get(place))).toEqual([]);
      }
    }),
    { numRuns: 3_000, seed: 25 },
  );
});

test("a ring that a roll-out moves to the AMIs that it has says the same, and no other does", () => {
  const to = (nth: number) => (ring: Ring) =>
    moveRingEverywhere(beginRing(ring, version(nth), { rollout: "r1", places: [] }));
  const ring: Ring = { from: version(1) };
  const apart = settleRing(returnRingAt(to(2)(ring), [one]));

  expect(sayTheSame(ring, to(1)(ring))).toBe(true);
  expect(sayTheSame(ring, to(2)(ring))).toBe(false);
  expect(sayTheSame(ring, { from: version(1, ["eu-west-1"]) })).toBe(false);
  expect(sayTheSame(apart, to(2)(apart))).toBe(false);
});
