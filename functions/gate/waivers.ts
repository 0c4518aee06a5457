import { putEvent } from "../../adapters/bus.ts";
import { findReportedEndings, listWaivers, recordReportedEnding } from "../../adapters/gate/waivers.ts";
import type { Waiver } from "../../core/factory/gate-schema.ts";
import { findEndingWaivers } from "../../core/gate/waivers.ts";
import { waiverExpiring } from "../../events/gate.ts";
import type { Step } from "../step.ts";

/** All waivers, from the config and from the CLI. core decides which of them count. */
export const readWaivers = async ({ settings, ledger }: Pick<Step, "settings" | "ledger">): Promise<Waiver[]> => [
  ...settings.factory.waivers,
  ...(await listWaivers(ledger)),
];

/**
 * Notifies once, a week before a waiver ends, with each full look of `reconcile`. Publishes before it records: after a
 * crash in between, the notice is sent twice instead of never.
 * @returns the number of notices
 */
export async function publishEndingWaivers(step: Step): Promise<number> {
  const ending = findEndingWaivers(await readWaivers(step), step.now);
  if (ending.length === 0) return 0;
  const isReported = await findReportedEndings(step.ledger);
  const untold = ending.filter((waiver) => !isReported(waiver));
  for (const waiver of untold) {
    await putEvent(step.bus, waiverExpiring, waiver);
    await recordReportedEnding(step.ledger, waiver);
  }
  return untold.length;
}
