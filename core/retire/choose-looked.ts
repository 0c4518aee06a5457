import type { BuildArn } from "../../events/ids.ts";
import type { LedgerFacts } from "./facts.ts";
import { type Patience, whyKept } from "./why-kept.ts";

/** What one run looks up in EC2 within its time, by the rates that AWS publishes. */
const MOST_LOOKED = 500;
const DAY_MS = 86_400_000;

/**
 * The builds that a run looks up: all that retirement has begun to take from people, and of the others that no rule keeps
 * as many as a run can, the next ones each day.
 * @param builds oldest first
 */
export function chooseLooked(builds: readonly LedgerFacts[], patience: Patience): BuildArn[] {
  const there = builds.filter(({ gone }) => !gone);
  const going = there.filter(({ stage }) => stage && stage.stage !== "deprecated" && stage.stage !== "disabled");
  const others = there.filter((one) => !going.includes(one) && whyKept(one, patience).length === 0);
  const most = Math.max(0, MOST_LOOKED - going.length);
  const day = Math.floor(patience.now.getTime() / DAY_MS);
  const from = others.length > most ? (day * most) % others.length : 0;
  const chosen = [...others.slice(from), ...others.slice(0, from)].slice(0, most);
  return [...going, ...chosen].map(({ build }) => build);
}
