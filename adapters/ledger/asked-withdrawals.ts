import * as z from "zod";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { announceWork } from "./open-work.ts";
import { get, type Ledger, put, query, remove, set } from "./table.ts";

const asked = z.object({
  build: buildArn,
  /** What somebody asked for last: it counts, and what was asked before is not gone on with. */
  wants: z.enum(["revoked", "restored"]),
  by: z.string(),
  reason: z.string(),
  /** Identifies it. */
  request: z.string(),
  since: z.iso.datetime(),
  /** Also what was built on it, as long as that has not been written down for each. */
  descendants: z.boolean().optional(),
  /** The build that this one descends from, where that was what somebody revoked. */
  because: buildArn.optional(),
  /** The time of the revocation that is taken back. */
  revokedAt: z.iso.datetime().optional(),
  /** `reconcile` goes on with it, and has said so. */
  takenUp: z.boolean().optional(),
});

/** That somebody asked for a build to be revoked or restored, until it is. */
export type AskedWithdrawal = z.output<typeof asked>;

const ASKED = "WITHDRAWALS";
const key = (build: BuildArn) => ({ pk: ASKED, sk: build });

const still = (request: string) => ({
  expression: "#request = :request",
  names: { "#request": "request" },
  values: { ":request": request },
});

/** Written down before anything is done, so that whoever dies over it is made up for. */
export async function recordAsked(ledger: Ledger, one: AskedWithdrawal): Promise<boolean> {
  await announceWork(ledger, "withdrawals", one.since);
  return put(ledger, key(one.build), one);
}

/** What was built on it is written down for each by now. @returns false where something else was asked for meanwhile */
export const recordDescendantsAsked = (ledger: Ledger, { build, request }: AskedWithdrawal): Promise<boolean> =>
  set(ledger, key(build), { descendants: false }, still(request));

export const recordTakenUp = (ledger: Ledger, { build, request }: AskedWithdrawal): Promise<boolean> =>
  set(ledger, key(build), { takenUp: true }, still(request));

export async function findAsked(ledger: Ledger, build: BuildArn): Promise<AskedWithdrawal | undefined> {
  const item = await get(ledger, key(build));
  return item && asked.parse(item);
}

/** All that are not done, of all images. */
export const listAsked = async (ledger: Ledger): Promise<AskedWithdrawal[]> =>
  (await query(ledger, ASKED, "")).map((item) => asked.parse(item));

/** It is done, or cannot be. @returns false where something else was asked for meanwhile; that stays */
export const removeAsked = (
  ledger: Ledger,
  { build, request }: Pick<AskedWithdrawal, "build" | "request">,
): Promise<boolean> => remove(ledger, key(build), still(request));
