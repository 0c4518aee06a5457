import { putEvent } from "../../adapters/bus.ts";
import { findReportedEndings, listWaivers, recordReportedEnding } from "../../adapters/gate/waivers.ts";
import type { Waiver } from "../../core/factory/gate-schema.ts";
import { findEndingWaivers } from "../../core/gate/waivers.ts";
import { waiverExpiring } from "../../events/gate.ts";
import type { Invocation } from "../invocation.ts";

/** All waivers, from the config and from the CLI. core decides which of them count. */
export const readWaivers = async ({ settings, ledger }: Pick<Invocation, "settings" | "ledger">): Promise<Waiver[]> => [
  ...settings.factory.waivers,
  ...(await listWaivers(ledger)),
];

/**
 * Notifies once, a week before a waiver ends, with each full look of `reconcile`. Publishes before it records: after a
 * crash in between, the notice is sent twice instead of never.
 * @returns the number of notices
 */
export async function publishEndingWaivers(invocation: Invocation): Promise<number> {
  const ending = findEndingWaivers(await readWaivers(invocation), invocation.now);
  if (ending.length === 0) return 0;
  const isReported = await findReportedEndings(invocation.ledger);
  const untold = ending.filter((waiver) => !isReported(waiver));
  for (const waiver of untold) {
    await putEvent(invocation.bus, waiverExpiring, waiver);
    await recordReportedEnding(invocation.ledger, waiver);
  }
  return untold.length;
}
