import { LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { callFunction } from "../../../adapters/call-function.ts";
import { type EndedPromotion, listEndedPromotions, readEnd } from "../../../adapters/ended-promotions.ts";
import {
  addFailedPromotion,
  type FailedPromotion,
  listFailedPromotions,
} from "../../../adapters/ledger/failed-promotions.ts";
import { findRevocation } from "../../../adapters/ledger/revocations.ts";
import { promotionExecutionName } from "../../../core/build-arn.ts";
import { isLeft } from "../../../core/find-drift.ts";
import type { BuildArn } from "../../../events/ids.ts";
import { inTurn } from "./in-turn.ts";
import { type RepairStep, report, type States } from "./repair.ts";
import type { Followed } from "./while-announced.ts";

/** No promotion runs longer than thirty days (`stacks/promotion/definition.ts`). */
const LONGEST_MS = 35 * 86_400_000;

/**
 * Has taken back what failed promotions left: those that ended without being undone, and those that could not be undone
 * in full. `undo-promotion` does it each hour until nothing is left, and tells people once.
 * @returns how many had ended without being undone, and whether any is under way, or not undone
 */
export async function takeBackEnded(states: States, step: RepairStep): Promise<Followed> {
  const known = await listFailedPromotions(step.ledger);
  const open = known.filter(({ settled }) => !settled);
  // One that runs again has not ended yet, whatever became of the attempts before.
  const seen = new Set<BuildArn>(known.filter(({ again }) => !again).map(({ build }) => build));
  const attempts = new Map(known.map(({ build, again }) => [build, again?.attempt]));
  const unseen = [...states].flatMap(([image, { builds }]) =>
    builds.flatMap(({ build, status }) => (status === "available" && !seen.has(build) ? [{ image, build }] : [])),
  );
  const ofName = new Map(unseen.map((one) => [promotionExecutionName(one.build, attempts.get(one.build)), one]));
  const promotions = step.client(SFNClient);
  const since = new Date(step.now.getTime() - LONGEST_MS);
  const { ended, running } = await listEndedPromotions(promotions, step.settings.env.PROMOTION_ARN, since);
  const found = ended.flatMap((one) => {
    const subject = ofName.get(one.name);
    return subject ? [{ one, subject }] : [];
  });
  const left = found
    .filter(({ one }) => isLeft(one.stoppedAt, step.now))
    .map(({ one, subject }) => [subject.build, () => takeUp(subject, one, step)] as const);
  const goOn = open.map((one) => [one.build, () => undo(one, step).then(() => 0)] as const);
  const repaired = await inTurn(Object.fromEntries([...goOn, ...left]));
  return { repaired, open: running || found.length + open.length > 0 };
}

/** @returns 0 where there is nothing to undo */
async function takeUp(
  subject: { readonly image: string; readonly build: BuildArn },
  ended: EndedPromotion,
  step: RepairStep,
): Promise<number> {
  // Nobody has it any more, and no channel points at it. Where it is restored, this is looked at again.
  if (await findRevocation(step.ledger, subject.build)) return 0;
  const { error, cause } = await readEnd(step.client(SFNClient), ended);
  // Who revokes a build stops its promotion, and takes it back from everybody in another way.
  const byRevocation = error === "BuildRevoked";
  const failed = {
    ...subject,
    error: error || ended.status,
    cause: cause || `its execution ended ${ended.status} at ${ended.stoppedAt}, and nothing was taken back`,
    at: step.now.toISOString(),
    left: [],
    told: byRevocation,
  };
  if (byRevocation) {
    await addFailedPromotion(step.ledger, failed);
    return 0;
  }
  const what = `the promotion of ${subject.build} ended ${ended.status} and was not taken back`;
  await report(step, subject.image, what);
  await addFailedPromotion(step.ledger, failed);
  await undo(failed, step);
  return 1;
}

function undo({ image, build, error, cause }: FailedPromotion, { client, settings }: RepairStep): Promise<unknown> {
  const failure = { Error: error, Cause: cause };
  const event = { image, build, error: failure, triesLeft: 0 };
  return callFunction(client(LambdaClient), settings.env.AWAITED_UNDO_PROMOTION, event);
}
