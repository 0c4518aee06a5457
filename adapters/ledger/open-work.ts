import { forgetLook, LOOKS, type LookRecord } from "./looks.ts";
import { type Ledger, put } from "./table.ts";

/** What `reconcile` follows by the hour, each in a partition of its own, and nearly always empty. */
export type WorkKind = "approvals" | "usage" | "withdrawals" | "promotions";

const nameOf = (kind: WorkKind): string => `OPEN#${kind}`;

/**
 * Says that there is work of a kind from now on; written before the work itself, so that none is overlooked. The hourly
 * run asks only for what was announced, the full look for everything.
 */
export const announceWork = (ledger: Ledger, kind: WorkKind, at: string): Promise<boolean> =>
  put(ledger, { pk: LOOKS, sk: nameOf(kind) }, { wantedAt: at });

export const isAnnounced = (looks: ReadonlyMap<string, LookRecord>, kind: WorkKind): boolean =>
  looks.get(nameOf(kind))?.wantedAt !== undefined;

/** What is announced is written within this time, or its function died over it and announces it anew. */
const WRITTEN_MS = 3_600_000;

/** There was none. What was announced in the last hour may not be written yet, and is asked for again. */
export const endWork = (ledger: Ledger, kind: WorkKind, now: Date): Promise<boolean> =>
  forgetLook(ledger, nameOf(kind), new Date(now.getTime() - WRITTEN_MS));
