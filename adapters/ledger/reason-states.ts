import { findAllStarted, findPending } from "./activity.ts";
import { suppressedBy } from "./suppressed.ts";
import type { Ledger } from "./table.ts";
import { readTogether } from "./wanted.ts";

/** What has become of a reason: it started a build, it waits, it starts nothing ever, or nobody heard of it. */
export type ReasonState = "started" | "waiting" | "suppressed" | "unknown";

/** The state of each token, for those who would say a reason again when it got lost. */
export async function findReasonStates(
  ledger: Ledger,
  image: string,
  tokens: readonly string[],
): Promise<ReadonlyMap<string, ReasonState>> {
  const [started, suppressed, pending] = await Promise.all([
    findAllStarted(ledger, image, tokens),
    readTogether(
      ledger,
      tokens.map((token) => suppressedBy(image, token)),
    ),
    findPending(ledger, image),
  ]);
  const waiting = new Set(pending.map(({ token }) => token));
  const never = new Set(suppressed.flatMap((one) => (one?.decision === "never" ? [one.token] : [])));
  const stateOf = (token: string): ReasonState => {
    if (started.has(token)) return "started";
    if (waiting.has(token)) return "waiting";
    return never.has(token) ? "suppressed" : "unknown";
  };
  return new Map(tokens.map((token) => [token, stateOf(token)]));
}
