import { SFNClient } from "@aws-sdk/client-sfn";
import { findBuild } from "../../adapters/build/builds.ts";
import { readImageState } from "../../adapters/build/image-state.ts";
import { findGate } from "../../adapters/evidence/evidence.ts";
import { startPromotion } from "../../adapters/promotion/executions.ts";
import { type FailedPromotion, findFailedPromotion, recordAgain } from "../../adapters/promotion/failed-promotions.ts";
import { isUndone } from "../../adapters/promotion/promotion.ts";
import { findGone } from "../../adapters/retirement/leftovers.ts";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import { type PromotableFacts, whyNotPromoted } from "../../core/promotion/decide-promote.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";

/** A request to promote a build. */
export interface PromoteRequest {
  readonly image: string;
  readonly build: BuildArn;
  readonly by: string;
  readonly reason: string;
}

export type PromoteInvocation = Invocation<"PROMOTION_ARN">;

/**
 * Restarts a build's failed promotion from the gate; approvals that were granted remain valid. A repeated request runs
 * it once.
 * @throws NotPromoted
 */
export async function promoteAgain(
  { image, build, by, reason }: PromoteRequest,
  invocation: PromoteInvocation,
): Promise<{ readonly build: BuildArn; readonly attempt: number; readonly since?: string }> {
  const { ledger, client, settings, now } = invocation;
  const facts = await readPromotable({ image, build }, invocation);
  const { failed, undone } = facts ?? {};
  const begun = failed?.again;
  const attempt = begun?.attempt ?? (failed?.attempt ?? 1) + 1;
  if (!begun || undone) {
    const why = facts ? whyNotPromoted(facts, now) : unknown(image);
    if (why || !failed) throw new NotPromoted(build, why ?? "its promotion did not fail");
    await recordAgain(ledger, failed, { attempt, by, reason, at: now.toISOString() });
  }
  await startPromotion(client(SFNClient), settings.env.PROMOTION_ARN, { image, build }, attempt);
  // Already requested: restarts an attempt that was recorded but not started, and starts nothing twice.
  return { build, attempt, ...(begun && !undone && { since: begun.at }) };
}

export class NotPromoted extends Error {
  override readonly name = "NotPromoted";

  constructor(build: BuildArn, why: string) {
    super(`${build} is not promoted again: ${why}.`);
  }
}

export const unknown = (image: string): string => `${image} has no such build in the ledger`;

/** Undefined: the ledger does not have the build. */
export async function readPromotable(
  { image, build }: { readonly image: string; readonly build: BuildArn },
  { ledger }: Pick<Invocation, "ledger">,
): Promise<(PromotableFacts & { readonly failed: FailedPromotion | undefined }) | undefined> {
  const record = await findBuild(ledger, image, build);
  if (!record) return undefined;
  const { channels } = await readImageState(ledger, image, ["channels"]);
  const pointing = Object.entries(channels).filter(([, one]) => one.build === build);
  return {
    status: record.status,
    verdict: (await findGate(ledger, build))?.verdict,
    revokedBy: (await findRevocation(ledger, build))?.by,
    gone: await findGone(ledger, build),
    failed: await findFailedPromotion(ledger, build),
    undone: await isUndone(ledger, build),
    channels: pointing.map(([name]) => name),
  };
}
