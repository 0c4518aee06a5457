import * as z from "zod";
import { chooseLooked } from "../core/retire/choose-looked.ts";
import { type Decision, planRetirement } from "../core/retire/plan-retirement.ts";
import { lambda } from "./lib/lambda.ts";
import { inTurn } from "./lib/repair/in-turn.ts";
import { carryOutRetirement } from "./lib/retire/carry-out.ts";
import { readLedgerFacts } from "./lib/retire/read-ledger-facts.ts";
import { readRegionFacts } from "./lib/retire/read-region-facts.ts";
import { tellRetired } from "./lib/retire/tell-retired.ts";
import type { Step } from "./lib/step.ts";

const input = z.union([
  z.object({ scheduledTime: z.iso.datetime() }),
  /** By a person: to see what would be done, or to have it done now. */
  z.object({ wants: z.enum(["plan", "apply"]) }),
]);

/** Builds that are taken further in one run; the others' turn comes on another day. */
const MOST_ACTED = 25;

export const handler = lambda({
  input,
  env: ["PROMOTION_ARN"],
  run: retire,
});

/** Decides about every build of the images with a retention, and takes those further whose turn it is. */
export async function retire(
  asked: z.output<typeof input>,
  step: Step<"PROMOTION_ARN">,
): Promise<{ readonly decisions: readonly Decision[]; readonly acted: number }> {
  const { factory } = step.settings;
  if (!Object.values(factory.images).some(({ retention }) => retention)) return { decisions: [], acted: 0 };
  const plansOnly = "wants" in asked && asked.wants === "plan";
  const patience = { now: step.now, evidenceSeconds: factory.leftovers.keep };
  const subjects = await readLedgerFacts(step);
  const looked = new Set(
    chooseLooked(
      subjects.map(({ facts }) => facts),
      patience,
    ),
  );
  const facts = await readRegionFacts(
    subjects.filter(({ facts: one }) => looked.has(one.build)),
    { reports: !plansOnly },
    step,
  );
  const byBuild = new Map(facts.map((one) => [one.build, one]));
  const decisions = planRetirement(
    subjects.map(({ facts: one }) => byBuild.get(one.build) ?? { ...one, regions: [] }),
    patience,
  );
  if (plansOnly) return { decisions, acted: 0 };
  const due = decisions
    .filter(({ does }) => !["keep", "wait", "gone"].includes(does))
    // Somebody waits for what is given back.
    .toSorted((a, b) => Number(b.does === "give-back") - Number(a.does === "give-back"))
    .slice(0, MOST_ACTED);
  const acts = due.map((decision) => [
    `${decision.does} ${decision.build}`,
    () => carryOutRetirement(decision, byBuild.get(decision.build) ?? never(decision), step),
  ]);
  const acted = await inTurn({ ...Object.fromEntries(acts), notices: () => tellRetired(step).then(() => 0) });
  return { decisions, acted };
}

function never({ build }: Decision): never {
  throw new Error(`${build} was decided about and not looked at.`);
}
