// @module-tag deep
import { describe, expect, test } from "vitest";
import { chosenOf } from "../deep/size.ts";
import { type Grant, inWords } from "./grant.ts";
import { blueprint, grantsAlone } from "./missable.ts";
import { refusalNaming } from "./named.ts";
import { scenariosFor } from "./scenarios-for.ts";
import { tryOut } from "./trial.ts";

/** Those that no shared life notices; `shared-days`, `shared-month` and `trust.test.ts` have the others. */
const taken = chosenOf(grantsAlone(), 1, inWords);

describe("removing one grant", () => {
  test.each(taken.map((grant) => [inWords(grant), grant] as const))("%s is noticed", async (_, grant) => {
    const { refusal, faults } = await miss(grant);

    expect(refusal, "what AWS refused").toBeDefined();
    expect(faults, "what the check finds").not.toEqual([]);
  });
});

async function miss(grant: Grant): Promise<{ refusal: string | undefined; faults: readonly string[] }> {
  const less = grant.without(blueprint);
  for (const scenario of scenariosFor(grant)) {
    // A refusal that only follows from the missing grant does not name it.
    const named = (refusals: readonly string[]) => refusalNaming(grant, { refusals, failures: [] }) !== undefined;
    const outcome = await tryOut(scenario, less, named);
    const refusal = refusalNaming(grant, outcome);
    if (refusal && outcome.faults.length > 0) return { refusal, faults: outcome.faults };
  }
  return { refusal: undefined, faults: [] };
}
