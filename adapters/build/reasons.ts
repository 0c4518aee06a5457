import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { neverCodes, trigger, waitCodes } from "../../events/build.ts";
import { itemRead, type LedgerRead, readBatch } from "../ledger/reads.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";
import { findAllStarted, findPending } from "./claims.ts";

const suppressedWriter = /* @__PURE__ */ writer("suppressed");

const record = z.object({
  token: z.string(),
  trigger,
  /** `waits`: it was stored. Other records tell whether it still waits or has become a build. */
  decision: z.enum(["waits", "never"]),
  code: z.enum([...waitCodes, ...neverCodes]),
  reason: z.string(),
  at: z.iso.datetime(),
  until: z.iso.datetime().optional(),
  /** Whether it was reported. */
  told: z.boolean().optional(),
});

/** Why a trigger started nothing on arrival, as last reported. */
export type SuppressedReason = z.output<typeof record>;

/** How long it is kept; DynamoDB deletes it within days after that. */
const REMEMBERED_SECONDS = 90 * 86_400;

const key = (image: string, token: string) => keyOf("suppressed", { image, token });

/** Longer than a report takes with retries: the function that claimed it crashed. */
const TELLING_MS = 10 * 60_000;

/**
 * Records why a trigger starts nothing, and claims the report, which ends with `recordTold`. Of concurrent callers one
 * wins; after a crash its retry does, or any caller after ten minutes. A caller that began before the recorded decision
 * does not replace it.
 * @param teller identifies the caller, the same in each retry
 * @returns false where it was reported, or another caller has the claim
 */
export const recordSuppressed = (
  ledger: Ledger,
  image: string,
  ignored: SuppressedReason,
  teller: string,
): Promise<boolean> => {
  const at = Date.parse(ignored.at);
  return suppressedWriter.put(
    ledger,
    key(image, ignored.token),
    { ...ignored, teller, told: false, expires: Math.floor(at / 1000) + REMEMBERED_SECONDS },
    {
      expression:
        "attribute_not_exists(pk) OR (code <> :code AND #at < :at) OR (told = :no AND (teller = :teller OR #at < :stale))",
      names: { "#at": "at" },
      values: {
        ":code": ignored.code,
        ":at": ignored.at,
        ":no": false,
        ":teller": teller,
        ":stale": toTime(at - TELLING_MS),
      },
    },
  );
};

export const recordReported = (ledger: Ledger, image: string, token: string): Promise<boolean> =>
  suppressedWriter.set(ledger, key(image, token), { told: true });

const toTime = (ms: number): string => new Date(ms).toISOString();

export const suppressedBy = (image: string, token: string): LedgerRead<SuppressedReason | undefined> =>
  itemRead(key(image, token), record);

/** An image's triggers of the last 90 days that started nothing on arrival, newest first. */
export const listSuppressed = async (ledger: Ledger, image: string): Promise<SuppressedReason[]> =>
  (await query(ledger, below("suppressed", { image })))
    .map((item) => record.parse(item))
    .toSorted((a, b) => b.at.localeCompare(a.at));

/** The state of a trigger: it started a build, waits, never starts one, or is unknown. */
type ReasonState = "started" | "waiting" | "suppressed" | "unknown";

/** The state of each token, for sources that repeat lost triggers. */
export async function findReasonStates(
  ledger: Ledger,
  image: string,
  tokens: readonly string[],
): Promise<ReadonlyMap<string, ReasonState>> {
  const [started, ignored, pending] = await Promise.all([
    findAllStarted(ledger, image, tokens),
    readBatch(
      ledger,
      tokens.map((token) => suppressedBy(image, token)),
    ),
    findPending(ledger, image),
  ]);
  const waiting = new Set(pending.map(({ token }) => token));
  const never = new Set(ignored.flatMap((one) => (one?.decision === "never" ? [one.token] : [])));
  const stateOf = (token: string): ReasonState => {
    if (started.has(token)) return "started";
    if (waiting.has(token)) return "waiting";
    return never.has(token) ? "suppressed" : "unknown";
  };
  return new Map(tokens.map((token) => [token, stateOf(token)]));
}
