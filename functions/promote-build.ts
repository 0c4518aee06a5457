import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { findFailedPromotion } from "../adapters/ledger/failed-promotions.ts";
import { announceWork } from "../adapters/ledger/open-work.ts";
import { recordAgain } from "../adapters/ledger/promote-again.ts";
import { isUndone } from "../adapters/ledger/promotion.ts";
import { startPromotion } from "../adapters/promotions.ts";
import { type BuildArn, buildArn } from "../events/ids.ts";
import { lambda } from "./lib/lambda.ts";
import { findObstacle } from "./lib/promote/find-obstacle.ts";
import type { Step } from "./lib/step.ts";

const input = z.strictObject({
  image: z.string().min(1),
  build: buildArn,
  by: z.string().min(1),
  reason: z.string().min(1).max(500),
});

export const handler = lambda({ input, env: ["PROMOTION_ARN"], run: promoteBuild });

/**
 * Begins a build's promotion anew after it failed, gate and approvals and all; approvals that were given stay given.
 * Asked twice, it runs once.
 */
export async function promoteBuild({ image, build, by, reason }: z.output<typeof input>, step: Step<"PROMOTION_ARN">) {
  const { ledger, client, settings, now } = step;
  const failed = await findFailedPromotion(ledger, build);
  const undone = await isUndone(ledger, build);
  const begun = failed?.again;
  const attempt = begun?.attempt ?? (failed?.attempt ?? 1) + 1;
  if (!begun || undone) {
    const why = await findObstacle(image, build, step, { failed, undone });
    if (why || !failed) throw new NotPromoted(build, why ?? "its promotion did not fail");
    await recordAgain(ledger, failed, { attempt, by, reason, at: now.toISOString() });
  }
  await announceWork(ledger, "promotions", now.toISOString());
  await startPromotion(client(SFNClient), settings.env.PROMOTION_ARN, { image, build }, attempt);
  // Begun before: what died before it had started the attempt is made up for, and nothing runs twice.
  return { build, attempt, ...(begun && !undone && { since: begun.at }) };
}

class NotPromoted extends Error {
  override readonly name = "NotPromoted";

  constructor(build: BuildArn, why: string) {
    super(`${build} is not promoted again: ${why}.`);
  }
}
