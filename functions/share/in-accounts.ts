import { putEvent } from "../../adapters/bus.ts";
import { type ConsumerTry, type ConsumerWork, listTries, recordTry } from "../../adapters/share/consumer-tries.ts";
import { consumersFailed } from "../../events/share.ts";
import type { Invocation } from "../invocation.ts";

/** Accounts per invocation: at twenty seconds for the slowest, well within Lambda's fifteen minutes. */
export const MOST_ACCOUNTS = 300;
const AT_ONCE = 20;

/** Runs `work` in many accounts, twenty at a time; `work` handles its own failures. */
export async function inAccounts<Task>(tasks: readonly Task[], work: (task: Task) => Promise<void>): Promise<void> {
  const left = [...tasks];
  const workers = Array.from({ length: Math.min(AT_ONCE, left.length) }, async () => {
    for (let task = left.shift(); task !== undefined; task = left.shift()) await work(task);
  });
  await Promise.all(workers);
}

type Publishing = Pick<Invocation, "ledger" | "bus" | "now">;

/**
 * StackSets needs minutes to create a role in an account that joined: failures are retried this long before they are
 * reported.
 */
const PATIENCE_MS = 30 * 60_000;
const MOST_NAMED = 20;

/** Reports accounts whose work keeps failing, once per lasting failure. */
export async function publishFailures(work: ConsumerWork, { ledger, bus, now }: Publishing): Promise<void> {
  const failing = (await listTries(ledger, work)).filter(
    ({ failingSince, told }) => failingSince && now.getTime() - Date.parse(failingSince) > PATIENCE_MS && !told,
  );
  if (failing.length === 0) return;
  await putEvent(bus, consumersFailed, {
    ...(work === "grants" ? { work } : { work: "mirror" as const, ...work }),
    count: failing.length,
    accounts: failing.slice(0, MOST_NAMED).map(({ account, failed = "" }) => ({ account, why: failed })),
  });
  for (const one of failing) await recordTry(ledger, work, { ...one, told: true });
}

/** The record of an account after another try. */
export const afterTry = (
  before: ConsumerTry | undefined,
  { account, amis, failed }: Pick<ConsumerTry, "account" | "amis" | "failed">,
  now: Date,
): ConsumerTry =>
  failed === undefined
    ? { account, amis, told: false }
    : { account, amis, failed, failingSince: before?.failingSince ?? now.toISOString(), told: before?.told ?? false };

/** A failure as text; the error name often says more than its message. */
export const sayFailure = (failure: unknown): string =>
  failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
