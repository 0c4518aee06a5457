import * as z from "zod";
import { keyOf } from "../../core/ledger/kinds.ts";
import type { Clock } from "../../core/rollout/clock.ts";
import { type Urgency, type UrgentAdvisory, urgentAdvisory } from "../../events/gate.ts";
import { gateOf } from "../evidence/evidence.ts";
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

/** Why an advisory's fix took the urgent pace, as its gate recorded it; before there is a fix, why it will. */
export const whyUrgent = ({
  image,
  advisory,
  fix,
}: Pick<Clock, "image" | "advisory" | "fix">): LedgerRead<Urgency | undefined> =>
  fix
    ? mapRead(gateOf(fix.build), (gate) => gate?.urgent)
    : mapRead(urgentAdvisoriesOf(image), (all) => all.find((one) => one.advisory === advisory));
