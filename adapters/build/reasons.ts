import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { neverCodes, trigger, waitCodes } from "../../events/build.ts";
import { imageOf, type Ledger, query } from "../ledger/table.ts";
import { readTogether, type Wanted, wanted } from "../ledger/wanted.ts";
import { writer } from "../ledger/writer.ts";
import { findAllStarted, findPending } from "./claims.ts";

const suppressedWriter = /* @__PURE__ */ writer("suppressed");

const record = z.object({
  token: z.string(),
  trigger,
  /** `waits`: it was kept. Whether it waits still or became a build by now is told by the ledger's other items. */
  decision: z.enum(["waits", "never"]),
  code: z.enum([...waitCodes, ...neverCodes]),
  reason: z.string(),
  at: z.iso.datetime(),
  until: z.iso.datetime().optional(),
  /** Whether people were told. */
  told: z.boolean().optional(),
});

/** Why a reason started nothing when it came: the last time that this was told. */
export type SuppressedReason = z.output<typeof record>;

/** How long it is remembered; DynamoDB removes it within days after that. */
const REMEMBERED_SECONDS = 90 * 86_400;

const key = (image: string, token: string) => keyOf("suppressed", { image, token });

/** Longer than it takes to tell people, retries included: whoever wanted to has died over it. */
const TELLING_MS = 10 * 60_000;

/**
 * Records why a reason starts nothing, for whoever then tells people and says so by `recordTold`. Of many at once one
 * does; when it dies over it, its retry does, and after ten minutes anybody.
 * @param teller identifies who tells, the same in each retry
 * @returns false where that has been told, or another is at it
 */
export const recordSuppressed = (
  ledger: Ledger,
  image: string,
  suppressed: SuppressedReason,
  teller: string,
): Promise<boolean> => {
  const at = Date.parse(suppressed.at);
  return suppressedWriter.put(
    ledger,
    key(image, suppressed.token),
    { ...suppressed, teller, told: false, expires: Math.floor(at / 1000) + REMEMBERED_SECONDS },
    {
      expression: "attribute_not_exists(pk) OR code <> :code OR (told = :no AND (teller = :teller OR #at < :stale))",
      names: { "#at": "at" },
      values: { ":code": suppressed.code, ":no": false, ":teller": teller, ":stale": toTime(at - TELLING_MS) },
    },
  );
};

export const recordTold = (ledger: Ledger, image: string, token: string): Promise<boolean> =>
  suppressedWriter.set(ledger, key(image, token), { told: true });

const toTime = (ms: number): string => new Date(ms).toISOString();

export const suppressedBy = (image: string, token: string): Wanted<SuppressedReason | undefined> =>
  wanted(key(image, token), record);

/** The same of all images, with one query. */
export async function readSuppressed(ledger: Ledger): Promise<(image: string) => readonly SuppressedReason[]> {
  const items = Map.groupBy(await query(ledger, below("suppressed")), imageOf);
  return (image) => (items.get(image) ?? []).map((item) => record.parse(item));
}

/** Every reason of an image that started nothing when it came, of the last 90 days, the newest first. */
export const listSuppressed = async (ledger: Ledger, image: string): Promise<SuppressedReason[]> =>
  (await query(ledger, below("suppressed", { image })))
    .map((item) => record.parse(item))
    .toSorted((a, b) => b.at.localeCompare(a.at));

/** The state of a reason: it started a build, it waits, it never starts one, or it is unknown. */
type ReasonState = "started" | "waiting" | "suppressed" | "unknown";

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
