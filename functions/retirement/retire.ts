import * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import { listRetirements, type RetiredBuild, recordRetirement } from "../../adapters/retirement/retirements.ts";
import { chooseChecked, type Decision, planRetirement } from "../../core/retirement/plan-retirement.ts";
import { entities } from "../../core/share/launch-permission.ts";
import { buildRetired } from "../../events/retirement.ts";
import { inTurn } from "../in-turn.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { carryOutRetirement } from "./carry-out.ts";
import { claimedUntil, isDone } from "./claim.ts";
import { readLedgerFacts } from "./read-ledger-facts.ts";
import { readRegionFacts } from "./read-region-facts.ts";

const input = z.union([
  z.object({ scheduledTime: z.iso.datetime() }),
  /** From the CLI: show the plan, or apply it now. */
  z.object({ wants: z.enum(["plan", "apply"]) }),
]);

/** Builds per run; the rest follows on another day. */
const MOST_ACTED = 25;

/** Decides about every build of the images with a retention, and acts on those that are due. */
export async function retire(
  asked: z.output<typeof input>,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<{ readonly decisions: readonly Decision[]; readonly acted: number }> {
  const { factory } = invocation.settings;
  if (!Object.values(factory.images).some(({ retention }) => retention)) return { decisions: [], acted: 0 };
  const plansOnly = "wants" in asked && asked.wants === "plan";
  const patience = { now: invocation.now, evidenceSeconds: factory.leftovers.keep };
  const subjects = await readLedgerFacts(invocation);
  const looked = new Set(
    chooseChecked(
      subjects.map(({ facts }) => facts),
      patience,
    ),
  );
  const facts = await readRegionFacts(
    subjects.filter(({ facts: one }) => looked.has(one.build)),
    { reports: !plansOnly },
    invocation,
  );
  const byBuild = new Map(facts.map((one) => [one.build, one]));
  const decisions = planRetirement(
    subjects.map(({ facts: one }) => byBuild.get(one.build) ?? { ...one, regions: [] }),
    patience,
  );
  if (plansOnly) return { decisions, acted: 0 };
  const due = decisions
    .filter(({ does }) => !["keep", "wait", "gone"].includes(does))
    // Restores first: a user waits for them.
    .toSorted((a, b) => Number(b.does === "give-back") - Number(a.does === "give-back"))
    .slice(0, MOST_ACTED);
  const acts = due.map((decision) => [
    `${decision.does} ${decision.build}`,
    () => carryOutRetirement(decision, byBuild.get(decision.build) ?? never(decision), invocation),
  ]);
  const acted = await inTurn({ ...Object.fromEntries(acts), notices: () => publishRetired(invocation).then(() => 0) });
  return { decisions, acted };
}

function never({ build }: Decision): never {
  throw new Error(`${build} has a decision but was not looked up.`);
}

/** Publishes each build that was disabled or deregistered in all regions since the last notice. @returns how many */
async function publishRetired(invocation: Invocation<"PROMOTION_ARN">): Promise<number> {
  let told = 0;
  for (const retired of (await listRetirements(invocation.ledger)).values())
    if (await publish(retired, invocation)) told++;
  return told;
}

/** Sends the notice before it records that: after a crash in between, the notice is sent twice instead of never. */
async function publish(
  { retirement, regions }: RetiredBuild,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<boolean> {
  const { ledger, bus } = invocation;
  if (!retirement || retirement.givingBack || retirement.told === retirement.stage) return false;
  if (claimedUntil(retirement, invocation)) return false;
  const { image, build, stage, why } = retirement;
  const all = [...regions.values()];
  if ((stage !== "disabled" && stage !== "deregistered") || all.length === 0 || !isDone(all, stage)) return false;
  await putEvent(bus, buildRetired, {
    image,
    build,
    stage,
    amis: all.map(({ region, amiId }) => ({ region, amiId })),
    why: [...why],
    sharedWith: [...new Set(all.flatMap(({ saved }) => (saved ? entities(saved.permission) : [])))],
    snapshotsLeft: all.flatMap(({ region, snapshots = [] }) =>
      snapshots
        .filter(({ result }) => result !== "success")
        .map(({ snapshotId, result }) => ({ region, snapshotId, why: result })),
    ),
  });
  await recordRetirement(ledger, { ...retirement, told: stage }, retirement);
  return true;
}

export const handler = lambda({ input, env: ["PROMOTION_ARN"], run: retire });
