import { putEvent } from "../../../adapters/bus.ts";
import { claimTelling, listUntold, recordAllTold } from "../../../adapters/ledger/leftovers.ts";
import { leftoversRemoved } from "../../../events/leftovers-removed.ts";
import type { Step } from "../step.ts";

/** So many fit an event (256 KB, EventBridge user guide, "PutEvents event entry size"), and a person's patience. */
const MOST = 100;

/** One message a day, of all that was removed and not told yet. */
export async function tellRemoved({ ledger, bus, now }: Step): Promise<void> {
  const untold = await listUntold(ledger);
  if (untold.length === 0 || !(await claimTelling(ledger, now.toISOString().slice(0, 10), now))) return;
  await putEvent(bus, leftoversRemoved, {
    removed: untold.slice(0, MOST).map(({ thing }) => thing),
    more: Math.max(0, untold.length - MOST),
  });
  await recordAllTold(ledger, untold);
}
