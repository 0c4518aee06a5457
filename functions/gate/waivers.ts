import { putEvent } from "../../adapters/bus.ts";
import { findToldEndings, listWaivers, recordToldEnding } from "../../adapters/gate/waivers.ts";
import type { Waiver } from "../../core/factory/gate-schema.ts";
import { findEndingWaivers } from "../../core/gate/waivers.ts";
import { waiverExpiring } from "../../events/gate.ts";
import type { Step } from "../step.ts";

/** All waivers: those of the config, and those that somebody gave by command. Which of them count is decided in core. */
export const readWaivers = async ({ settings, ledger }: Pick<Step, "settings" | "ledger">): Promise<Waiver[]> => [
  ...settings.factory.waivers,
  ...(await listWaivers(ledger)),
];

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
