import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { artifactId, type BuildArn, buildArn } from "../../events/ids.ts";
import { gatePassed } from "../evidence/evidence.ts";
import { itemRead, type LedgerRead, mapRead, read, readBatch } from "../ledger/reads.ts";
import { absent, get, type Ledger, present, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";
import { permission } from "../promotion/promotion.ts";
import { announceWork } from "../repair/drift-checks.ts";
import { goneOf } from "../retirement/leftovers.ts";

const revocationWriter = /* @__PURE__ */ writer("revocation");
const withdrawalWriter = /* @__PURE__ */ writer("withdrawal");
const askedWithdrawalWriter = /* @__PURE__ */ writer("askedWithdrawal");

const revocation = z.object({
  reason: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
  /** The revoked ancestor, when this build was revoked as its descendant. */
  because: buildArn.optional(),
  /** What could not be done yet, as text. */
  left: z.array(z.string()).optional(),
  /** The value of `left` in the last notice; absent until the revocation was reported. */
  told: z.array(z.string()).optional(),
  /** The request of a running restoration. */
  restoring: z.string().optional(),
});

/** A build's revocation. */
export type Revocation = z.output<typeof revocation>;

const key = (build: BuildArn) => keyOf("revocation", { build });

/** Keeps the first revocation. @returns false where one exists */
export const recordRevocation = (ledger: Ledger, build: BuildArn, revoked: Revocation): Promise<boolean> =>
  revocationWriter.put(ledger, key(build), revoked, absent);

export const revocationOf = (build: BuildArn): LedgerRead<Revocation | undefined> => itemRead(key(build), revocation);

export const findRevocation = (ledger: Ledger, build: BuildArn): Promise<Revocation | undefined> =>
  read(ledger, revocationOf(build));

/** All revoked builds, with one query. */
export const listRevocations = async (ledger: Ledger): Promise<ReadonlyMap<string, Revocation>> =>
  new Map((await query(ledger, below("revocation"))).map((item) => [String(item.sk), revocation.parse(item)]));

/**
 * Records what is left to do for a revoked build.
 * @returns false where it has been restored, or a restoration runs, which may have read the withdrawals before the last one
 */
export const recordLeft = (ledger: Ledger, build: BuildArn, left: readonly string[]): Promise<boolean> =>
  revocationWriter.set(
    ledger,
    key(build),
    { left },
    {
      expression: "attribute_exists(pk) AND (attribute_not_exists(restoring) OR restoring = :stopped)",
      values: { ":stopped": "" },
    },
  );

/** Records that the revocation, with what is left to do, was reported. */
export const recordReported = (ledger: Ledger, build: BuildArn, told: readonly string[]): Promise<boolean> =>
  revocationWriter.set(ledger, key(build), { told }, stillRevoked);

/** Claims a revoked build for a restoration; the latest claim wins. @returns false where it is not revoked */
export const claimRestoration = (ledger: Ledger, build: BuildArn, restoring: string): Promise<boolean> =>
  revocationWriter.set(ledger, key(build), { restoring }, stillRevoked);

/** Takes the claim from a running restoration, so that it cannot finish. @returns false where it has been restored */
export const stopRestoration = (ledger: Ledger, build: BuildArn): Promise<boolean> =>
  revocationWriter.set(ledger, key(build), { restoring: "" }, stillRevoked);

/** Ends the revocation. @returns false where the build was revoked again during the restoration */
export const removeRevocation = (ledger: Ledger, build: BuildArn, restoring: string): Promise<boolean> =>
  revocationWriter.remove(ledger, key(build), {
    expression: "restoring = :restoring",
    values: { ":restoring": restoring },
  });

const stillRevoked = present;

const unsharedAmi = z.object({
  region: z.string(),
  amiId: artifactId,
  /** Its launch permissions; EC2 drops them when an AMI is disabled. */
  permission,
  /** The channels whose marks it had. */
  marks: z.array(z.string()).readonly().default([]),
});

/** A build's AMI as it was shared before it was revoked. */
export type UnsharedAmi = z.output<typeof unsharedAmi>;

/**
 * Keeps the first value: a second read finds the permissions already removed. A revocation after a restoration saves a
 * new one.
 */
export const saveWithdrawal = (
  ledger: Ledger,
  build: BuildArn,
  { at }: Pick<Revocation, "at">,
  saved: UnsharedAmi,
): Promise<boolean> =>
  withdrawalWriter.put(ledger, keyOf("withdrawal", { build, at, region: saved.region }), saved, absent);

export const listWithdrawals = async (
  ledger: Ledger,
  build: BuildArn,
  { at }: Pick<Revocation, "at">,
): Promise<UnsharedAmi[]> =>
  (await query(ledger, below("withdrawal", { build, at }))).map((item) => unsharedAmi.parse(item));

/** Of all revocations of a build, oldest first. */
export const listAllWithdrawals = async (ledger: Ledger, build: BuildArn): Promise<UnsharedAmi[]> =>
  (await query(ledger, below("withdrawal", { build }))).map((item) => unsharedAmi.parse(item));

/**
 * The checks before each share and each move.
 * @throws GateNotPassed, BuildRevoked, BuildRetired, in this order
 */
export const promotable = (build: BuildArn) => [gatePassed(build), notRevoked(build), notRetired(build)] as const;

/** @throws GateNotPassed, BuildRevoked, BuildRetired */
export async function requirePromotable(ledger: Ledger, build: BuildArn): Promise<void> {
  await readBatch(ledger, promotable(build));
}

const notRevoked = (build: BuildArn): LedgerRead<void> =>
  mapRead(revocationOf(build), (revoked) => {
    if (revoked) throw new BuildRevoked(build, revoked);
  });

/** The error for functions that continue with a build whose AMIs are being removed; undefined where they are not. */
export const retiredOf = (build: BuildArn): LedgerRead<BuildRetired | undefined> =>
  mapRead(goneOf(build), (gone) => gone && new BuildRetired(build, gone));

const notRetired = (build: BuildArn): LedgerRead<void> =>
  mapRead(retiredOf(build), (retired) => {
    if (retired) throw retired;
  });

/** Its AMIs are being removed, or have been. */
class BuildRetired extends Error {
  override readonly name = "BuildRetired";

  constructor(build: BuildArn, { at, why }: { readonly at: string; readonly why: string }) {
    super(`${build} is not shared or published: its removal began at ${at} (${why}).`);
  }
}

export class BuildRevoked extends Error {
  override readonly name = "BuildRevoked";

  constructor(build: BuildArn, { by, at, reason }: Revocation) {
    super(`${build} is not shared or published: ${by} revoked it at ${at} (${reason}).`);
  }
}

const asked = z.object({
  build: buildArn,
  /** The latest request counts; earlier ones are not resumed. */
  wants: z.enum(["revoked", "restored"]),
  by: z.string(),
  reason: z.string(),
  /** Identifies it. */
  request: z.string(),
  since: z.iso.datetime(),
  /** Also its descendants, until each has its own request. */
  descendants: z.boolean().optional(),
  /** The revoked ancestor, when this build is revoked as its descendant. */
  because: buildArn.optional(),
  /** The time of the revocation that is undone. */
  revokedAt: z.iso.datetime().optional(),
  /** `reconcile` has resumed it and reported that. */
  takenUp: z.boolean().optional(),
});

/** A request to revoke or restore a build, until it is done. */
export type AskedWithdrawal = z.output<typeof asked>;

const keyOfAsked = (build: BuildArn) => keyOf("askedWithdrawal", { build });

const still = (request: string) => ({
  expression: "#request = :request",
  names: { "#request": "request" },
  values: { ":request": request },
});

/** Recorded before any change, so that `reconcile` can resume it after a crash. */
export async function recordAsked(ledger: Ledger, one: AskedWithdrawal): Promise<boolean> {
  await announceWork(ledger, "withdrawals", one.since);
  return askedWithdrawalWriter.put(ledger, keyOfAsked(one.build), one);
}

/** Records that each descendant has its own request. @returns false where another request has replaced this one */
export const recordDescendantsAsked = (ledger: Ledger, { build, request }: AskedWithdrawal): Promise<boolean> =>
  askedWithdrawalWriter.set(ledger, keyOfAsked(build), { descendants: false }, still(request));

export const recordTakenUp = (ledger: Ledger, { build, request }: AskedWithdrawal): Promise<boolean> =>
  askedWithdrawalWriter.set(ledger, keyOfAsked(build), { takenUp: true }, still(request));

export async function findAsked(ledger: Ledger, build: BuildArn): Promise<AskedWithdrawal | undefined> {
  const item = await get(ledger, keyOfAsked(build));
  return item && asked.parse(item);
}

/** All open requests, of all images. */
export const listAsked = async (ledger: Ledger): Promise<AskedWithdrawal[]> =>
  (await query(ledger, below("askedWithdrawal"))).map((item) => asked.parse(item));

/** Removes a request that is done or cannot be. @returns false where another request has replaced it; that one stays */
export const removeAsked = (
  ledger: Ledger,
  { build, request }: Pick<AskedWithdrawal, "build" | "request">,
): Promise<boolean> => askedWithdrawalWriter.remove(ledger, keyOfAsked(build), still(request));
