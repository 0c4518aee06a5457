import { announceWork, endWork, type WorkKind } from "../../adapters/repair/drift-checks.ts";
import type { Hour } from "./read-hour.ts";
import type { RepairInvocation } from "./repair.ts";

/** The result of following one kind of work. */
export interface Followed {
  readonly repaired: number;
  /** Whether work remains for the next hour. */
  readonly open: boolean;
}

/**
 * Follows announced work of a kind until none is left; a full check follows it in any case, and announces what it finds.
 */
export async function whileAnnounced(
  kind: WorkKind,
  { work, full }: Pick<Hour, "work" | "full">,
  { ledger, now }: Pick<RepairInvocation, "ledger" | "now">,
  follow: () => Promise<Followed>,
): Promise<number> {
  if (!work.has(kind) && !full) return 0;
  const { repaired, open } = await follow();
  await keepAnnounced(kind, open, { work }, { ledger, now });
  return repaired;
}

/** Removes the announcement of a kind without work; announces work that has none. */
export async function keepAnnounced(
  kind: WorkKind,
  open: boolean,
  { work }: Pick<Hour, "work">,
  { ledger, now }: Pick<RepairInvocation, "ledger" | "now">,
): Promise<void> {
  const announced = work.has(kind);
  if (announced && !open) await endWork(ledger, kind, now);
  if (!announced && open) await announceWork(ledger, kind, now.toISOString());
}
