// @module-tag deep
import { expect, test } from "vitest";
import { readBlueprint } from "../../../cli/command/open-ledger.ts";
import { daysByHand } from "./by-hand.ts";
import { containerDays } from "./container-days.ts";
import { grantsIn, withoutAll } from "./grant.ts";
import { month } from "./month.ts";
import { isAbout, reasonFor } from "./reason-for.ts";
import { rolloutDays } from "./rollout-days.ts";
import { tryOut } from "./trial.ts";
import { troubledDays } from "./troubled-days.ts";
import { unnoticed } from "./unnoticed.ts";

const blueprint = await readBlueprint();
const grants = grantsIn(blueprint);

const scenarios = [month, troubledDays, daysByHand, containerDays, rolloutDays];

/** Otherwise their faults would be attributed to the grant that was removed. */
test.each(scenarios)("$name: nothing is wrong with every grant there", async (scenario) => {
  const outcome = await tryOut(scenario, blueprint);

  expect(outcome.refusals).toEqual([]);
  expect(outcome.faults).toEqual([]);
});

/** Allowing less never allows more: if all of them together are not missed, none of them is missed alone. */
test.each(scenarios)("grants listed as unnoticed are not missed in $name", async (scenario) => {
  // A key's policy that lacks a statement is reported as drift, whether or not the statement is missed.
  const listed = grants.filter((grant) => reasonFor(grant) !== undefined && !grant.holder.name.startsWith("ImageKey"));

  const outcome = await tryOut(scenario, withoutAll(blueprint, listed));

  expect(outcome.refusals).toEqual([]);
  expect(outcome.faults).toEqual([]);
});

test("every reason for an unnoticed grant matches existing grants", () => {
  const idle = unnoticed.flatMap((one) =>
    one.actions.filter((action) => !grants.some((grant) => grant.action === action && isAbout(one, grant))),
  );

  expect(idle).toEqual([]);
});

test("every permission in the blueprint is among the removed grants", () => {
  // What a lifecycle does is ECR's own, and a function may call itself by its role's grant; they allow nothing.
  const allowing = blueprint.resources.filter(
    ({ type, inputs }) =>
      /(?<!lifecycle)Policy|Permission|Grant|iam\/role:/i.test(type) ||
      JSON.stringify(inputs).includes('"Effect":"Allow"'),
  );
  // The bucket's policy only denies.
  const others = allowing.filter(({ name }) => !grants.some(({ holder }) => holder.name === name));

  expect(others.map(({ name }) => name)).toEqual(["EvidencePolicy"]);
});
