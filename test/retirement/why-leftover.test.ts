import * as fc from "fast-check";
import { expect, it, test } from "vitest";
import { type BuildFacts, whyLeftover } from "../../core/retirement/plan-clean-up.ts";

const facts: BuildFacts = {
  status: "available",
  verdict: "passed",
  undone: false,
  promoting: false,
  promoted: false,
  shared: false,
  revoked: false,
  claimed: false,
  moments: ["2026-04-02T08:00:00.000Z", "2026-04-01T08:00:00.000Z"],
};

it.each<[Partial<BuildFacts>, string]>([
  [{ status: "failed", verdict: undefined }, "its build failed"],
  [{ status: "cancelled", verdict: undefined }, "its build was cancelled"],
  [{ verdict: "rejected" }, "its gate rejected it"],
  [{ undone: true }, "its promotion failed"],
  [{ undone: true, verdict: undefined }, "its promotion failed"],
  [{}, "it never entered a channel"],
])("says why a build will not be used: %o", (some, why) => {
  expect(whyLeftover({ ...facts, ...some })).toEqual({ why, since: "2026-04-02T08:00:00.000Z" });
});

it("leaves alone a build of which no gate has decided", () => {
  expect(whyLeftover({ ...facts, verdict: undefined })).toBeUndefined();
});

test("a build that may still be wanted is never a leftover", () => {
  const said = fc.record({
    status: fc.constantFrom("building" as const, "available" as const, "failed" as const, "cancelled" as const),
    verdict: fc.constantFrom("passed" as const, "rejected" as const, undefined),
    undone: fc.boolean(),
    promoting: fc.boolean(),
    promoted: fc.boolean(),
    shared: fc.boolean(),
    revoked: fc.boolean(),
    claimed: fc.boolean(),
  });
  const wanted = fc
    .tuple(said, fc.constantFrom("promoting", "promoted", "shared", "revoked", "claimed"))
    .map(([some, which]): BuildFacts => ({ ...facts, ...some, [which]: true }));

  for (const one of fc.sample(wanted, 500)) expect(whyLeftover(one)).toBeUndefined();
});
