import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readBlueprint } from "../../../cli/blueprint.ts";
import { daysByHand } from "./by-hand.ts";
import { type Grant, grantsIn, inWords } from "./grant.ts";
import { month } from "./month.ts";
import { refusalNaming } from "./named.ts";
import type { Scenario } from "./scenario.ts";
import { tryOut } from "./trial.ts";
import { troubledDays } from "./troubled-days.ts";
import { reasonFor } from "./unnoticed.ts";

const blueprint = await readBlueprint();

/** What the consumers' role may do is taken away piece by piece in `test/scenario/sharing/verify-pieces`. */
const missable = grantsIn(blueprint).filter(
  (grant) => reasonFor(grant) === undefined && grant.holder.name !== "Consumer",
);
const all = process.env.AMINT_ALL_GRANTS === "1";
const seed = process.env.GRANT_SEED ?? "1";
const place = (grant: Grant) =>
  createHash("sha256")
    .update(`${seed} ${inWords(grant)}`)
    .digest("hex");
/** In an order that only the seed decides; one of fifteen unless all are asked for. */
const tried = missable
  .toSorted((one, other) => place(one).localeCompare(place(other)))
  .slice(0, all ? missable.length : Math.ceil(missable.length / 15));
const sample = all ? "" : `, a sample (GRANT_SEED=${seed}; AMINT_ALL_GRANTS=1 takes away each)`;

/** Takes away each `of`th of the grants that are tried, from the `part`th on (from 1), one at a time. */
export function takeAwayEachGrant(part: number, of: number): void {
  const mine = tried.filter((_, index) => index % of === part - 1);

  describe(`taking away one grant: ${mine.length} of ${missable.length}${sample}`, () => {
    test.each(mine.map((grant) => [inWords(grant), grant] as const))("%s goes wrong, and says so", async (_, grant) => {
      const { refusal, faults } = await miss(grant);

      expect(refusal, "what AWS refused").toBeDefined();
      expect(faults, "what the check finds").not.toEqual([]);
    });
  });
}

/** The holders of what only the month uses: clicks in Slack, and a promotion that is asked for again. */
const ONLY_IN_MONTH = /^(AnswerSlack|PromoteBuild)/;
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
    const outcome = await tryOut(scenario, less);
    const refusal = refusalNaming(grant, outcome);
    if (refusal && outcome.faults.length > 0) return { refusal, faults: outcome.faults };
  }
  return { refusal: undefined, faults: [] };
}
