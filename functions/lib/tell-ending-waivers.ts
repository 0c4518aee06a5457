import { putEvent } from "../../adapters/bus.ts";
import { findToldEndings, recordToldEnding } from "../../adapters/ledger/waivers.ts";
import { findEndingWaivers } from "../../core/find-ending-waivers.ts";
import { waiverExpiring } from "../../events/waiver-expiring.ts";
import { readWaivers } from "./read-waivers.ts";
import type { Step } from "./step.ts";

/**
 * Tells people a week before a waiver ends, once: said first and remembered then, so that a crash in between says it again
 * rather than never. `reconcile` does it with each full look.
 * @returns how many were told
 */
export async function tellEndingWaivers(step: Step): Promise<number> {
  const ending = findEndingWaivers(await readWaivers(step), step.now);
  if (ending.length === 0) return 0;
  const isTold = await findToldEndings(step.ledger);
  const untold = ending.filter((waiver) => !isTold(waiver));
  for (const waiver of untold) {
    await putEvent(step.bus, waiverExpiring, waiver);
    await recordToldEnding(step.ledger, waiver);
  }
  return untold.length;
}
