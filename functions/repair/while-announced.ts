import { endWork, isAnnounced, type LookRecord, type WorkKind } from "../../adapters/repair/looks.ts";
import type { RepairStep } from "./repair.ts";

/** What came of following work of one kind. */
export interface Followed {
  readonly repaired: number;
  /** Whether there is any, so that it has to be followed in the next hour, too. */
  readonly open: boolean;
}

/** Follows work of a kind where some was announced, until there is none; a full look follows it in any case. */
export async function whileAnnounced(
  kind: WorkKind,
  { looks, full }: { readonly looks: ReadonlyMap<string, LookRecord>; readonly full: boolean },
  { ledger, now }: Pick<RepairStep, "ledger" | "now">,
  follow: () => Promise<Followed>,
): Promise<number> {
  const announced = isAnnounced(looks, kind);
  if (!announced && !full) return 0;
  const { repaired, open } = await follow();
  if (announced && !open) await endWork(ledger, kind, now);
  return repaired;
}
