import { putEvent } from "../../../adapters/bus.ts";
import { listRetirements, type RetiredBuild, recordRetirement } from "../../../adapters/ledger/retirements.ts";
import { entities } from "../../../core/launch-permission.ts";
import { buildRetired } from "../../../events/build-retired.ts";
import type { Step } from "../step.ts";
import { claimedUntil } from "./claim.ts";
import { isDone } from "./is-gone.ts";

/** Tells people of each build that is disabled, or gone, in all regions since they were told last. @returns how many */
export async function tellRetired(step: Step<"PROMOTION_ARN">): Promise<number> {
  let told = 0;
  for (const retired of (await listRetirements(step.ledger)).values()) if (await tell(retired, step)) told++;
  return told;
}

/** Said first and remembered then: a crash in between says it again rather than never. */
async function tell({ retirement, regions }: RetiredBuild, step: Step<"PROMOTION_ARN">): Promise<boolean> {
  const { ledger, bus } = step;
  if (!retirement || retirement.givingBack || retirement.told === retirement.stage) return false;
  if (claimedUntil(retirement, step)) return false;
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
