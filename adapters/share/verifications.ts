import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import type { Proven } from "../../core/share/decide-proof.ts";
import { type ArtifactId, artifactId, type BuildArn } from "../../events/ids.ts";
import { type Proof, proof } from "../../events/share.ts";
import { putAll } from "../ledger/put-all.ts";
import { itemRead, type LedgerRead, mapRead } from "../ledger/reads.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const verifiedWriter = /* @__PURE__ */ writer("verified");
const launchableWriter = /* @__PURE__ */ writer("launchable");
const proofWriter = /* @__PURE__ */ writer("proof");

const verification = z.object({
  channel: z.string(),
  region: z.string(),
  account: z.string(),
  amiId: artifactId,
  proof,
  /** Why a launch could not be verified in the account, while the proof holds. */
  notTried: z.string().exactOptional(),
  at: z.iso.datetime(),
});

/** How far an account verified in a region that it can launch a build's AMI. */
export type Verification = z.output<typeof verification>;

const done = z.object({ channel: z.string(), region: z.string(), amiId: artifactId, at: z.iso.datetime() });

/** A build's AMI in one region, as shared by one channel. */
export interface Shared {
  readonly build: BuildArn;
  readonly channel: string;
  readonly region: string;
}

const doneKey = ({ build, channel, region }: Shared) => keyOf("launchable", { build, channel, region });
const accountKey = ({ build, channel, region }: Shared, account: string) =>
  keyOf("verified", { build, channel, region, account });

/** Records an account's verification; a later one replaces it. */
export const recordVerification = (
  ledger: Ledger,
  build: BuildArn,
  { channel, region, account, ...rest }: Verification,
): Promise<boolean> =>
  verifiedWriter.put(ledger, accountKey({ build, channel, region }, account), { channel, region, account, ...rest });

/** The same for several accounts. @throws ItemsNotWritten */
export const recordVerifications = (ledger: Ledger, build: BuildArn, some: readonly Verification[]): Promise<void> =>
  putAll(
    ledger,
    verifiedWriter,
    some.map((one) => ({ key: accountKey({ build, ...one }, one.account), item: one })),
  );

/** All of a build's, in all channels and regions. */
export async function listVerifications(ledger: Ledger, build: BuildArn): Promise<Verification[]> {
  const items = await query(ledger, below("verified", { build }));
  return items.map((item) => verification.parse(item));
}

interface Verified {
  readonly account: string;
  readonly proof: Proof;
  readonly notTried?: string;
}

/** The verifications of one channel and region, by account. */
export async function findVerifications(ledger: Ledger, { build, channel, region }: Shared): Promise<Verified[]> {
  const items = await query(ledger, below("verified", { build, channel, region }));
  return items.map((item) => toVerified(verification.parse(item)));
}

export const toVerified = ({ account, proof: how, notTried }: Verification): Verified => ({
  account,
  proof: how,
  ...(notTried && { notTried }),
});

/** All required accounts passed: the channel may move there. */
export const recordVerified = (ledger: Ledger, at: Shared, ami: ArtifactId, now: Date): Promise<boolean> =>
  launchableWriter.put(ledger, doneKey(at), {
    channel: at.channel,
    region: at.region,
    amiId: ami,
    at: now.toISOString(),
  });

/** The AMI that all required accounts can launch there; undefined where unknown. */
export const verifiedAt = (at: Shared): LedgerRead<ArtifactId | undefined> =>
  mapRead(itemRead(doneKey(at), done), (found) => found?.amiId);

/**
 * Before a new verification: an earlier result must not let a channel move.
 * @param earlier that result, if there is one
 */
export async function forgetVerified(ledger: Ledger, at: Shared, earlier: ArtifactId | undefined): Promise<void> {
  if (earlier) await launchableWriter.remove(ledger, doneKey(at));
  for (const { account } of await findVerifications(ledger, at)) {
    await verifiedWriter.remove(ledger, accountKey(at, account));
  }
}

const provenArtifact = z.object({ artifact: artifactId });

/** The artifact that was proven to be a build's while Image Builder listed the build. */
export const proofOf = (build: BuildArn, region: string): LedgerRead<ArtifactId | undefined> =>
  mapRead(itemRead(keyOf("proof", { build, region }), provenArtifact), (found) => found?.artifact);

export const recordProof = (ledger: Ledger, build: BuildArn, region: string, artifact: Proven): Promise<boolean> =>
  proofWriter.put(ledger, keyOf("proof", { build, region }), { artifact });
