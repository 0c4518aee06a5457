import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { artifactId, type BuildArn, buildArn } from "../../events/ids.ts";
import { gatePassed } from "../evidence/evidence.ts";
import { absent, get, type Ledger, present, query } from "../ledger/table.ts";
import { derived, read, readTogether, type Wanted, wanted } from "../ledger/wanted.ts";
import { writer } from "../ledger/writer.ts";
import { permission } from "../promotion/promotion.ts";
import { announceWork } from "../repair/looks.ts";
import { goneOf } from "../retirement/leftovers.ts";

const revocationWriter = /* @__PURE__ */ writer("revocation");
const withdrawalWriter = /* @__PURE__ */ writer("withdrawal");
const askedWithdrawalWriter = /* @__PURE__ */ writer("askedWithdrawal");

const revocation = z.object({
  reason: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
  /** The build that this one descends from, where that was what somebody revoked. */
  because: buildArn.optional(),
  /** What could not be done yet, in words. */
  left: z.array(z.string()).optional(),
  /** What people were told to be left; absent until they were told of the revocation at all. */
  told: z.array(z.string()).optional(),
  /** The restoration that is under way. */
  restoring: z.string().optional(),
});

/** Somebody withdrew a build. */
export type Revocation = z.output<typeof revocation>;

const key = (build: BuildArn) => keyOf("revocation", { build });

/** The first to revoke is remembered. @returns false where it was revoked before */
export const recordRevocation = (ledger: Ledger, build: BuildArn, revoked: Revocation): Promise<boolean> =>
  revocationWriter.put(ledger, key(build), revoked, absent);

export const revocationOf = (build: BuildArn): Wanted<Revocation | undefined> => wanted(key(build), revocation);

export const findRevocation = (ledger: Ledger, build: BuildArn): Promise<Revocation | undefined> =>
  read(ledger, revocationOf(build));

/** All revoked builds, with one query. */
export const listRevocations = async (ledger: Ledger): Promise<ReadonlyMap<string, Revocation>> =>
  new Map((await query(ledger, below("revocation"))).map((item) => [String(item.sk), revocation.parse(item)]));

/** What is left to do for a revoked build; a restoration under way loses its claim. @returns false where it is restored */
export const recordLeft = (ledger: Ledger, build: BuildArn, left: readonly string[]): Promise<boolean> =>
  revocationWriter.set(ledger, key(build), { left }, stillRevoked);

/** People were told of the revocation, and of what is left to do. */
export const recordTold = (ledger: Ledger, build: BuildArn, told: readonly string[]): Promise<boolean> =>
  revocationWriter.set(ledger, key(build), { told }, stillRevoked);

/** Claims a revoked build for being restored; whoever claims last restores. @returns false where it is not revoked */
export const claimRestoration = (ledger: Ledger, build: BuildArn, restoring: string): Promise<boolean> =>
  revocationWriter.set(ledger, key(build), { restoring }, stillRevoked);

/** Revoking goes on: a restoration under way does not end as one. @returns false where it is restored */
export const stopRestoration = (ledger: Ledger, build: BuildArn): Promise<boolean> =>
  revocationWriter.set(ledger, key(build), { restoring: "" }, stillRevoked);

/** The build is no longer revoked. @returns false where somebody revoked it anew while it was being restored */
export const removeRevocation = (ledger: Ledger, build: BuildArn, restoring: string): Promise<boolean> =>
  revocationWriter.remove(ledger, key(build), {
    expression: "restoring = :restoring",
    values: { ":restoring": restoring },
  });

const stillRevoked = present;

const withdrawal = z.object({
  region: z.string(),
  amiId: artifactId,
  /** Who could launch it: EC2 forgets that when an AMI is disabled. */
  permission,
  /** The channels whose marks it bore. */
  marks: z.array(z.string()).readonly().default([]),
});

export type Withdrawal = z.output<typeof withdrawal>;

/**
 * What is saved first stays: a second look finds launch permissions that are gone already. A revocation after a
 * restoration saves anew.
 */
export const saveWithdrawal = (
  ledger: Ledger,
  build: BuildArn,
  { at }: Pick<Revocation, "at">,
  saved: Withdrawal,
): Promise<boolean> =>
  withdrawalWriter.put(ledger, keyOf("withdrawal", { build, at, region: saved.region }), saved, absent);

export const listWithdrawals = async (
  ledger: Ledger,
  build: BuildArn,
  { at }: Pick<Revocation, "at">,
): Promise<Withdrawal[]> =>
  (await query(ledger, below("withdrawal", { build, at }))).map((item) => withdrawal.parse(item));

/** Of all revocations of a build, the last one's at the end. */
export const listAllWithdrawals = async (ledger: Ledger, build: BuildArn): Promise<Withdrawal[]> =>
  (await query(ledger, below("withdrawal", { build }))).map((item) => withdrawal.parse(item));

/**
 * What is asked before each share and each move.
 * @throws GateNotPassed, BuildRevoked, BuildRetired, in this order
 */
export const promotable = (build: BuildArn) => [gatePassed(build), notRevoked(build), notRetired(build)] as const;

/** @throws GateNotPassed, BuildRevoked, BuildRetired */
export async function requirePromotable(ledger: Ledger, build: BuildArn): Promise<void> {
  await readTogether(ledger, promotable(build));
}

const notRevoked = (build: BuildArn): Wanted<void> =>
  derived(revocationOf(build), (revoked) => {
    if (revoked) throw new BuildRevoked(build, revoked);
  });

/** The error for anything that goes on with a build whose AMIs are being removed; undefined where they are not. */
export const retiredOf = (build: BuildArn): Wanted<BuildRetired | undefined> =>
  derived(goneOf(build), (gone) => gone && new BuildRetired(build, gone));

const notRetired = (build: BuildArn): Wanted<void> =>
  derived(retiredOf(build), (retired) => {
    if (retired) throw retired;
  });

/** Its AMIs are about to be removed, or were. */
class BuildRetired extends Error {
  override readonly name = "BuildRetired";

  constructor(build: BuildArn, { at, why }: { readonly at: string; readonly why: string }) {
    super(`${build} is neither shared nor published: it is being removed since ${at} (${why}).`);
  }
}

export class BuildRevoked extends Error {
  override readonly name = "BuildRevoked";

  constructor(build: BuildArn, { by, at, reason }: Revocation) {
    super(`${build} is neither shared nor published: ${by} revoked it at ${at} (${reason}).`);
  }
}

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

const keyOfAsked = (build: BuildArn) => keyOf("askedWithdrawal", { build });

const still = (request: string) => ({
  expression: "#request = :request",
  names: { "#request": "request" },
  values: { ":request": request },
});

/** Written down before anything is done, so that whoever dies over it is made up for. */
export async function recordAsked(ledger: Ledger, one: AskedWithdrawal): Promise<boolean> {
  await announceWork(ledger, "withdrawals", one.since);
  return askedWithdrawalWriter.put(ledger, keyOfAsked(one.build), one);
}

/** What was built on it is written down for each by now. @returns false where something else was asked for meanwhile */
export const recordDescendantsAsked = (ledger: Ledger, { build, request }: AskedWithdrawal): Promise<boolean> =>
  askedWithdrawalWriter.set(ledger, keyOfAsked(build), { descendants: false }, still(request));

export const recordTakenUp = (ledger: Ledger, { build, request }: AskedWithdrawal): Promise<boolean> =>
  askedWithdrawalWriter.set(ledger, keyOfAsked(build), { takenUp: true }, still(request));

export async function findAsked(ledger: Ledger, build: BuildArn): Promise<AskedWithdrawal | undefined> {
  const item = await get(ledger, keyOfAsked(build));
  return item && asked.parse(item);
}

/** All that are not done, of all images. */
export const listAsked = async (ledger: Ledger): Promise<AskedWithdrawal[]> =>
  (await query(ledger, below("askedWithdrawal"))).map((item) => asked.parse(item));

/** It is done, or cannot be. @returns false where something else was asked for meanwhile; that stays */
export const removeAsked = (
  ledger: Ledger,
  { build, request }: Pick<AskedWithdrawal, "build" | "request">,
): Promise<boolean> => askedWithdrawalWriter.remove(ledger, keyOfAsked(build), still(request));
