import * as z from "zod";
import { keyOf } from "../../core/ledger/kinds.ts";
import { type UrgentAdvisory, urgentAdvisory } from "../../events/gate.ts";
import { itemRead, type LedgerRead, mapRead } from "../ledger/reads.ts";
import type { Ledger } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const urgentWriter = /* @__PURE__ */ writer("urgentAdvisories");

const advisories = z.object({ advisories: z.array(urgentAdvisory).readonly() });

/** The advisories that are urgent for an image now. */
export const urgentAdvisoriesOf = (image: string): LedgerRead<readonly UrgentAdvisory[]> =>
  mapRead(itemRead(keyOf("urgentAdvisories", { image }), advisories), (found) => found?.advisories ?? []);

export const recordUrgent = (ledger: Ledger, image: string, found: readonly UrgentAdvisory[]): Promise<boolean> =>
  urgentWriter.put(ledger, keyOf("urgentAdvisories", { image }), { advisories: found });
