// @module-tag deep
import { describe, expect, test } from "vitest";
import { chosenOf } from "../deep/size.ts";
import { daysByHand } from "./by-hand.ts";
import { containerDays } from "./container-days.ts";
import { type Grant, inWords } from "./grant.ts";
import { blueprint, grantsAlone } from "./missable.ts";
import { month } from "./month.ts";
import { refusalNaming } from "./named.ts";
import { rolloutDays } from "./rollout-days.ts";
import type { Scenario } from "./scenario.ts";
import { tryOut } from "./trial.ts";
import { troubledDays } from "./troubled-days.ts";

/** What only the month uses: clicks in Slack, an account that joins, leftovers that return, a changed key policy. */
const ONLY_IN_MONTH =
  /^(AnswerSlack|SlackKey: kms:Decrypt|PromoteBuild|CleanUpRole: dynamodb:UpdateItem|KeepGrantsRole: dynamodb:DeleteItem|OrganizationChangedPermission|ImageKeyUsEast1: kms:Put)/;
/** What only a roll-out uses, or the revocation of a build that others were built on. */
const ROLLOUTS =
  /^(RollOut|RolloutMachine|SteerRollOut|InstanceRefresh|NoticesOfRollOuts|WatchExposure(?!Role: s3:ListBucket)|RevokeBuildRole: ssm:PutParameter)/;
/** What only container images use. */
const CONTAINERS = /^(ContainerBuildInstanceRole|ChannelAl2023Node|MirrorChannelRole: ecr)/;
/** What only trouble, or a consumer, uses. */
const TROUBLE =
  /^(UndoPromotion|Notify|RecordBuild|StartBuildScheduler|ImageKey|Notices|BusPolicy|NoticesOfStuckImages|.*DeadLetters)/;

/** The scenario that likely misses it soonest, and then the others, the month last: it takes eight times as long. */
function scenariosFor(grant: Grant): readonly Scenario[] {
  const name = inWords(grant);
  if (ONLY_IN_MONTH.test(name)) return [month];
  if (ROLLOUTS.test(name)) return [rolloutDays, month];
  if (CONTAINERS.test(name)) return [containerDays, month];
  const troubleFirst = TROUBLE.test(name) || grant.action === "sqs:SendMessage" || grant.action === "s3:ListBucket";
  return troubleFirst ? [troubledDays, daysByHand, month] : [daysByHand, troubledDays, month];
}

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
