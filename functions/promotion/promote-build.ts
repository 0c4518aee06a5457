import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { findBuild } from "../../adapters/build/builds.ts";
import { readImageState } from "../../adapters/build/image-state.ts";
import { findGate } from "../../adapters/evidence/evidence.ts";
import { startPromotion } from "../../adapters/promotion/executions.ts";
import { type FailedPromotion, findFailedPromotion, recordAgain } from "../../adapters/promotion/failed-promotions.ts";
import { isUndone } from "../../adapters/promotion/promotion.ts";
import { findGone } from "../../adapters/retirement/leftovers.ts";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import { whyNotPromoted } from "../../core/promotion/decide-promote.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";

const input = z.strictObject({
  image: z.string().min(1),
  build: buildArn,
  by: z.string().min(1),
  reason: z.string().min(1).max(500),
});

/**
 * Restarts a build's failed promotion from the gate; approvals that were granted remain valid. A repeated request runs
 * it once.
 */
async function promoteBuild(
  { image, build, by, reason }: z.output<typeof input>,
  invocation: Invocation<"PROMOTION_ARN">,
) {
  const { ledger, client, settings, now } = invocation;
  const failed = await findFailedPromotion(ledger, build);
  const undone = await isUndone(ledger, build);
  const begun = failed?.again;
  const attempt = begun?.attempt ?? (failed?.attempt ?? 1) + 1;
  if (!begun || undone) {
    const why = await findObstacle(image, build, invocation, { failed, undone });
    if (why || !failed) throw new NotPromoted(build, why ?? "its promotion did not fail");
    await recordAgain(ledger, failed, { attempt, by, reason, at: now.toISOString() });
  }
  await startPromotion(client(SFNClient), settings.env.PROMOTION_ARN, { image, build }, attempt);
  // Already requested: restarts an attempt that was recorded but not started, and starts nothing twice.
  return { build, attempt, ...(begun && !undone && { since: begun.at }) };
}

class NotPromoted extends Error {
  override readonly name = "NotPromoted";

  constructor(build: BuildArn, why: string) {
    super(`${build} is not promoted again: ${why}.`);
  }
}

/** Why a build's promotion is not restarted; undefined: it is. */
async function findObstacle(
  image: string,
  build: BuildArn,
  { ledger, now }: Pick<Invocation, "ledger" | "now">,
  { failed, undone }: { readonly failed: FailedPromotion | undefined; readonly undone: boolean },
): Promise<string | undefined> {
  const record = await findBuild(ledger, image, build);
  if (!record) return `${image} has no such build in the ledger`;
  const { channels } = await readImageState(ledger, image, ["channels"]);
  const pointing = Object.entries(channels).filter(([, one]) => one.build === build);
  const facts = {
    status: record.status,
    verdict: (await findGate(ledger, build))?.verdict,
    revokedBy: (await findRevocation(ledger, build))?.by,
    gone: await findGone(ledger, build),
    failed,
    undone,
    channels: pointing.map(([name]) => name),
  };
  return whyNotPromoted(facts, now);
}

export const handler = lambda({ input, env: ["PROMOTION_ARN"], run: promoteBuild });
