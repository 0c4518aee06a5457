// @module-tag deep
import { describe, expect, test } from "vitest";
import { chosenOf } from "../deep/size.ts";
import { daysByHand } from "./by-hand.ts";
import { type Grant, inWords } from "./grant.ts";
import { blueprint, grantsAlone } from "./missable.ts";
import { month } from "./month.ts";
import { refusalNaming } from "./named.ts";
import type { Scenario } from "./scenario.ts";
import { tryOut } from "./trial.ts";
import { troubledDays } from "./troubled-days.ts";

/** Those that no shared life notices: `shared-lives.test.ts` has the others. */
const taken = chosenOf(grantsAlone(), 1, inWords);

describe("removing one grant", () => {
  test.each(taken.map((grant) => [inWords(grant), grant] as const))("%s is noticed", async (_, grant) => {
    const { refusal, faults } = await miss(grant);

    expect(refusal, "what AWS refused").toBeDefined();
    expect(faults, "what the check finds").not.toEqual([]);
  });
});

/** The holders of what only the month uses: clicks in Slack, a promotion that is asked for again, halted roll-outs. */
const ONLY_IN_MONTH = /^(AnswerSlack|PromoteBuild|SteerRollOut|RollOutRevoked)/;
/** The holders of what only trouble, or a consumer, uses. */
const TROUBLE = /^(UndoPromotion|Notify|RecordBuild|StartBuildScheduler|ImageKey|Notices|.*DeadLetters)/;

/** The scenario that likely misses it soonest, and then the others, the month last: it takes four times as long. */
function scenariosFor({ holder: { name }, action }: Grant): readonly Scenario[] {
  if (ONLY_IN_MONTH.test(name)) return [month];
  const troubleFirst = TROUBLE.test(name) || action === "sqs:SendMessage" || action === "s3:ListBucket";
  return troubleFirst ? [troubledDays, daysByHand, month] : [daysByHand, troubledDays, month];
}

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
