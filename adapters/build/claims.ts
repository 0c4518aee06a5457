import * as z from "zod";
import { below, keyOf, partitionOf } from "../../core/ledger/kinds.ts";
import { trigger, waitCodes } from "../../events/build.ts";
import { type BuildArn, baseId, buildArn } from "../../events/ids.ts";
import { itemRead, type LedgerRead, mapRead, read, readBatch } from "../ledger/reads.ts";
import { absent, imageOf, type Ledger, present, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";
import { announceWork } from "../repair/drift-checks.ts";

const claimWriter = /* @__PURE__ */ writer("claim");
const reasonWriter = /* @__PURE__ */ writer("reason");
const startedWriter = /* @__PURE__ */ writer("started");

const claim = z.object({
  /** Made from all its triggers: the client token of its start. */
  token: z.string(),
  /** The tokens of its triggers. */
  tokens: z.array(z.string()).min(1),
  triggers: z.array(trigger).min(1),
  /** The Lambda request that claimed it; its retries resume the claim. */
  owner: z.string(),
  since: z.iso.datetime(),
  /** The image's fingerprint, its parent's promoted build and its base, before the start. */
  config: z.string(),
  parentBuild: buildArn.optional(),
  base: baseId.optional(),
  /** Unknown between the claim and Image Builder's answer. */
  build: buildArn.optional(),
});

/** The image's running build: at most one at a time. */
export type Claim = z.output<typeof claim>;

const held = z.object({
  code: z.enum(waitCodes),
  reason: z.string(),
  until: z.iso.datetime().optional(),
  at: z.iso.datetime(),
});

const pending = z.object({
  token: z.string(),
  trigger,
  since: z.iso.datetime(),
  /** What it waits for; absent until that is decided and reported. */
  held: held.optional(),
});

/** A trigger that has not become a build yet. Every trigger is stored before any decision. */
export type PendingReason = z.output<typeof pending>;

const activeKey = (image: string) => keyOf("claim", { image });

const pendingKey = (image: string, token: string) => keyOf("reason", { image, token });

const startedKey = (image: string, token: string) => keyOf("started", { image, token });

/** An image's running build and waiting triggers. */
export interface Activity {
  readonly claim: Claim | undefined;
  readonly pending: readonly PendingReason[];
}

export const claimOf = (image: string): LedgerRead<Claim | undefined> => itemRead(activeKey(image), claim);

export const findClaim = (ledger: Ledger, image: string): Promise<Claim | undefined> => read(ledger, claimOf(image));

/** Of one image, or by image for all that have any, with one query. */
export async function listActivity(ledger: Ledger, image?: string): Promise<ReadonlyMap<string, Activity>> {
  const { pk, prefix } = partitionOf("claim");
  const items = await query(ledger, image === undefined ? { pk, prefix } : { pk, prefix: `${image}#` });
  return new Map([...Map.groupBy(items, imageOf)].map(([of, some]) => [of, toActivity(of, some)]));
}

function toActivity(image: string, items: readonly Record<string, unknown>[]): Activity {
  const own = activeKey(image).sk;
  const claimed = items.find(({ sk }) => sk === own);
  return {
    claim: claimed && claim.parse(claimed),
    pending: items.filter(({ sk }) => sk !== own).map((item) => pending.parse(item)),
  };
}

/** Claims the image for a build. @returns false where it is claimed already */
export const claimImage = (ledger: Ledger, image: string, wanted: Claim): Promise<boolean> =>
  claimWriter.put(ledger, activeKey(image), wanted, absent);

/** Records the build that the claim became. @returns false where the claim is no longer this token's */
export const recordClaimedBuild = (ledger: Ledger, image: string, token: string, build: BuildArn): Promise<boolean> =>
  claimWriter.set(ledger, activeKey(image), { build }, { expression: "#token = :token", ...ofToken(token) });

/** Releases the image when its build has ended. @returns false where another build has it */
export const releaseImage = (ledger: Ledger, image: string, build: BuildArn): Promise<boolean> =>
  claimWriter.remove(ledger, activeKey(image), { expression: "build = :build", values: { ":build": build } });

/** Drops a claim before its start was requested. @returns false where it is another's or has a build */
export const dropClaim = (ledger: Ledger, image: string, token: string): Promise<boolean> =>
  claimWriter.remove(ledger, activeKey(image), {
    expression: "#token = :token AND attribute_not_exists(build)",
    ...ofToken(token),
  });

const ofToken = (token: string) => ({ names: { "#token": "token" }, values: { ":token": token } });

/** Stores triggers as waiting, unless they are stored already. */
export async function addPending(ledger: Ledger, image: string, waiting: readonly PendingReason[]): Promise<void> {
  for (const [n, one] of waiting.entries()) {
    if (n === 0) await announceWork(ledger, "activity", one.since);
    await reasonWriter.put(ledger, pendingKey(image, one.token), one, absent);
  }
}

/** Records that a trigger's wait was reported. @returns false where it no longer waits */
export const recordHeld = (
  ledger: Ledger,
  image: string,
  token: string,
  holding: z.output<typeof held>,
): Promise<boolean> => reasonWriter.set(ledger, pendingKey(image, token), { held: holding }, present);

/** Whether a trigger is stored and has not become a build yet. */
export const whetherPending = (image: string, token: string): LedgerRead<boolean> =>
  mapRead(itemRead(pendingKey(image, token), pending), (found) => found !== undefined);

export const findPending = async (ledger: Ledger, image: string): Promise<PendingReason[]> =>
  (await query(ledger, below("reason", { image }))).map((item) => pending.parse(item));

export async function removePending(ledger: Ledger, image: string, tokens: readonly string[]): Promise<void> {
  for (const token of tokens) await reasonWriter.remove(ledger, pendingKey(image, token));
}

/** Records the build that a trigger became, so that it never starts another. */
export const recordStarted = (ledger: Ledger, image: string, token: string, build: BuildArn): Promise<boolean> =>
  startedWriter.put(ledger, startedKey(image, token), { build });

const started = z.object({ build: buildArn });

/** The build that a trigger became. */
export const startedBy = (image: string, token: string): LedgerRead<BuildArn | undefined> =>
  mapRead(itemRead(startedKey(image, token), started), (found) => found?.build);

export const findStarted = (ledger: Ledger, image: string, token: string): Promise<BuildArn | undefined> =>
  read(ledger, startedBy(image, token));

/** The builds that triggers became, by token; others are left out. */
export async function findAllStarted(
  ledger: Ledger,
  image: string,
  tokens: readonly string[],
): Promise<ReadonlyMap<string, BuildArn>> {
  const found = await readBatch(
    ledger,
    tokens.map((token) => startedBy(image, token)),
  );
  return new Map(tokens.flatMap((token, n) => (found[n] ? [[token, found[n]] as const] : [])));
}
