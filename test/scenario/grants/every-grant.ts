import { describe, expect, test } from "vitest";
import { readBlueprint } from "../../../cli/blueprint.ts";
import { type Grant, grantsIn, inWords } from "./grant.ts";
import { month } from "./month.ts";
import { refusalNaming } from "./named.ts";
import { tryOut } from "./trial.ts";
import { troubledDays } from "./troubled-days.ts";
import { isUsedInMonth, reasonFor } from "./unnoticed.ts";

const blueprint = await readBlueprint();

/** Takes away each `of`th grant of the blueprint, from the `part`th on (from 1), one at a time. */
export function takeAwayEachGrant(part: number, of: number): void {
  const grants = grantsIn(blueprint).filter((grant) => reasonFor(grant) === undefined);
  const mine = grants.filter((_, index) => index % of === part - 1);

  describe(`taking away one grant (${mine.length} of ${grants.length})`, () => {
    test.each(mine.map((grant) => [inWords(grant), grant] as const))("%s goes wrong, and says so", async (_, grant) => {
      const { refusal, faults } = await miss(grant);

      expect(refusal, "what AWS refused").toBeDefined();
      expect(faults, "what the check finds").not.toEqual([]);
    });
  });
}

/** In the month where it uses the grant, else in the days of trouble; where the first does not notice, in the other. */
async function miss(grant: Grant): Promise<{ refusal: string | undefined; faults: readonly string[] }> {
  const less = grant.without(blueprint);
  const [likely, other] = isUsedInMonth(grant) ? [month, troubledDays] : [troubledDays, month];
  for (const scenario of [likely, other]) {
    const outcome = await tryOut(scenario, less);
    const refusal = refusalNaming(grant, outcome);
    if (refusal && outcome.faults.length > 0) return { refusal, faults: outcome.faults };
  }
  return { refusal: undefined, faults: [] };
}
