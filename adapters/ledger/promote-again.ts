import { type FailedPromotion, recordFailedPromotion } from "./failed-promotions.ts";
import { type Ledger, ofBuild, remove } from "./table.ts";

/**
 * A failed promotion is to run again. The failure stays known, so that nobody takes it back once more; that it was
 * undone is forgotten, so that the build is shared again.
 */
export async function recordAgain(
  ledger: Ledger,
  failed: FailedPromotion,
  again: NonNullable<FailedPromotion["again"]>,
): Promise<void> {
  await recordFailedPromotion(ledger, { ...failed, again });
  await remove(ledger, ofBuild(failed.build, "UNDONE"));
}
