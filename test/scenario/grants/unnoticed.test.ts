import { describe, expect, test } from "vitest";
import { readBlueprint } from "../../../cli/blueprint.ts";
import { type Grant, grantsIn, withoutAll } from "./grant.ts";
import { month } from "./month.ts";
import { tryOut } from "./trial.ts";
import { troubledDays } from "./troubled-days.ts";
import { isAbout, reasonFor, unnoticed } from "./unnoticed.ts";

const blueprint = await readBlueprint();
const grants = grantsIn(blueprint);

/** Allowing less never allows more: where nobody misses all of them together, nobody misses any one of them. */
const together = [
  ["that are said to be missed by nobody", grants.filter((grant) => isListed(grant, false))],
  ["that others cover", grants.filter((grant) => isListed(grant, true))],
] as const;

function isListed(grant: Grant, covered: boolean): boolean {
  const reason = reasonFor(grant);
  return reason !== undefined && (reason.coveredBy !== undefined) === covered;
}

describe.each(together)("the grants %s", (_, some) => {
  test.each([month, troubledDays])("are missed by nobody in $name", async (scenario) => {
    const outcome = await tryOut(scenario, withoutAll(blueprint, some));

    expect(outcome.refusals).toEqual([]);
    expect(outcome.faults).toEqual([]);
  });
});

test("every reason why a grant is missed by nobody is about grants that are there", () => {
  const idle = unnoticed.flatMap((one) =>
    one.actions.filter((action) => !grants.some((grant) => grant.action === action && isAbout(one, grant))),
  );

  expect(idle).toEqual([]);
});

test("everything that is there to allow something is among what is taken away", () => {
  const allowing = blueprint.resources.filter(
    ({ type, inputs }) =>
      /Policy|Permission|Grant|iam\/role:/i.test(type) || JSON.stringify(inputs).includes('"Allow"'),
  );
  // The bucket's policy only denies.
  const others = allowing.filter(({ name }) => !grants.some(({ holder }) => holder.name === name));

  expect(others.map(({ name }) => name)).toEqual(["EvidencePolicy"]);
});
