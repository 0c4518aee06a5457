import { LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { callFunction } from "../../adapters/functions.ts";
import {
  type EndedPromotion,
  listEndedPromotions,
  readEnd,
  startCatchUp,
} from "../../adapters/promotion/executions.ts";
import {
  addFailedPromotion,
  type FailedPromotion,
  listFailedPromotions,
} from "../../adapters/promotion/failed-promotions.ts";
import {
  type AskedWithdrawal,
  findRevocation,
  listAsked,
  recordTakenUp,
} from "../../adapters/revocation/revocations.ts";
import { buildVersion, catchUpExecutionName, imageOf, promotionExecutionName } from "../../core/build/build-arn.ts";
import { isLeft, planCatchUps } from "../../core/repair/find-drift.ts";
import type { BuildArn } from "../../events/ids.ts";
import { inTurn } from "../in-turn.ts";
import { findStop } from "../promotion/find-stop.ts";
import type { Hour } from "./read-hour.ts";
import { type RepairInvocation, report, type States } from "./repair.ts";
import { type Followed, keepAnnounced } from "./while-announced.ts";

/** Promotions run for up to thirty days (`stacks/promotion/definition.ts`). */
const LONGEST_MS = 35 * 86_400_000;

/**
 * Undoes what failed promotions left: those that ended without an undo, where Step Functions' event announced a bad
 * end, and those that were undone in part, while that is announced. `undo-promotion` retries hourly until nothing is left, with a single notice.
 * @returns how many had ended without an undo
 */
export async function undoEnded({ states, work, full, built }: Hour, invocation: RepairInvocation): Promise<number> {
  const isWatched = full || work.has("promotions");
  const ended = isWatched ? await listEnded(invocation) : [];
  // Read after the executions: an undo records the failure before it ends.
  const isRecorded = full || work.has("failures") || ended.length > 0;
  const known = isRecorded ? await listFailedPromotions(invocation.ledger) : [];
  const open = known.filter(({ settled }) => !settled);
  // A promotion that runs again has not ended, whatever its earlier attempts did.
  const seen = new Set<BuildArn>(known.filter(({ again }) => !again).map(({ build }) => build));
  const attempts = new Map(known.map(({ build, again }) => [build, again?.attempt]));
  // Only an execution that ended badly is looked for among the builds.
  const isKnown = built || ended.length === 0;
  const all = isKnown ? states : await readImageStates(invocation.ledger, [...states.keys()], ["builds"]);
  const unseen = [...all].flatMap(([image, { builds }]) =>
    builds.flatMap(({ build, status }) => (status === "available" && !seen.has(build) ? [{ image, build }] : [])),
  );
  const ofName = new Map(unseen.map((one) => [promotionExecutionName(one.build, attempts.get(one.build)), one]));
  const found = ended.flatMap((one) => {
    const subject = ofName.get(one.name);
    return subject ? [{ one, subject }] : [];
  });
  const left = found
    .filter(({ one }) => isLeft(one.stoppedAt, invocation.now))
    .map(({ one, subject }) => [subject.build, () => takeUp(subject, one, invocation)] as const);
  const resumed = open.map((one) => [one.build, () => undo(one, invocation).then(() => 0)] as const);
  const repaired = await inTurn(Object.fromEntries([...resumed, ...left]));
  if (isWatched) await keepAnnounced("promotions", found.length > 0, { work }, invocation);
  if (isRecorded) await keepAnnounced("failures", open.length > 0, { work }, invocation);
  return repaired;
}

const listEnded = ({ client, settings, now }: RepairInvocation): ReturnType<typeof listEndedPromotions> =>
  listEndedPromotions(client(SFNClient), settings.env.PROMOTION_ARN, new Date(now.getTime() - LONGEST_MS));

/** @returns 0 where there is nothing to undo */
async function takeUp(
  subject: { readonly image: string; readonly build: BuildArn },
  ended: EndedPromotion,
  invocation: RepairInvocation,
): Promise<number> {
  // It is unshared, and no channel points at it. A restore brings it here again.
  if (await findRevocation(invocation.ledger, subject.build)) return 0;
  const { error, cause } = await readEnd(invocation.client(SFNClient), ended);
  // A revocation stops the promotion and unshares the build by itself.
  const byRevocation = error === "BuildRevoked";
  const failed = {
    ...subject,
    error: error || ended.status,
    cause: cause || `its execution ended ${ended.status} at ${ended.stoppedAt} and was not undone`,
    at: invocation.now.toISOString(),
    left: [],
    told: byRevocation,
  };
  if (byRevocation) {
    await addFailedPromotion(invocation.ledger, failed);
    return 0;
  }
  const what = `the promotion of ${subject.build} ended ${ended.status} and was not undone`;
  await report(invocation, subject.image, what);
  await addFailedPromotion(invocation.ledger, failed);
  await undo(failed, invocation);
  return 1;
}

function undo(
  { image, build, error, cause }: FailedPromotion,
  { client, settings }: RepairInvocation,
): Promise<unknown> {
  const failure = { Error: error, Cause: cause };
  const event = { image, build, error: failure, triesLeft: 0 };
  return callFunction(client(LambdaClient), settings.env.AWAITED_UNDO_PROMOTION, event);
}

/**
 * Starts to bring a channel's build to regions without it: regions that a promotion left behind, and regions that were
 * added to the config. Retried every three hours until they have it or the channel moves. `confirm-channel` reports
 * success as `drift.repaired`.
 * @returns 0: a start is not a repair yet
 */
export function catchUp(states: States, invocation: RepairInvocation): Promise<number> {
  const { factory } = invocation.settings;
  const repairs = [...states].flatMap(([image, { channels }]) => {
    const config = factory.images[image];
    const plans = config ? planCatchUps(factory, config, channels, invocation.now) : [];
    return plans.map(
      ({ build, again }) =>
        [
          `regions behind ${build}`,
          async () => {
            // Revoked or undone: the channel leaves the build.
            if (await findStop(invocation.ledger, build)) return 0;
            const name = catchUpExecutionName(build, invocation.now);
            await startCatchUp(invocation.client(SFNClient), invocation.settings.env.PROMOTION_ARN, name, {
              build,
              image,
              again,
            });
            return 0;
          },
        ] as const,
    );
  });
  return inTurn(Object.fromEntries(repairs));
}

/**
 * Resumes revocations and restorations that crashed or were incomplete, hourly until they are done. Reports the first
 * resumption; `build.revoked` and `build.restored` report the end.
 * @returns how many were resumed for the first time, and whether any is unfinished
 * @throws RepairsFailed, naming the builds; they are retried in the next hour
 */
export async function resumeWithdrawals(invocation: RepairInvocation): Promise<Followed> {
  const all = await listAsked(invocation.ledger);
  const left = all.filter(({ since }) => isLeft(since, invocation.now));
  const repaired = await inTurn(
    Object.fromEntries(left.map((asked) => [asked.build, () => resumeOne(asked, invocation)])),
  );
  return { repaired, open: all.length > 0 };
}

async function resumeOne(asked: AskedWithdrawal, invocation: RepairInvocation): Promise<number> {
  const { build, wants, by, takenUp } = asked;
  if (!takenUp) {
    const image = imageOf(invocation.settings.factory, build);
    const what = wants === "revoked" ? "revocation" : "restoration";
    if (image) await report(invocation, image, `the ${what} of ${buildVersion(build)} by ${by} was not completed`);
    await recordTakenUp(invocation.ledger, asked);
  }
  await carryOut(asked, invocation);
  return takenUp ? 0 : 1;
}

function carryOut(asked: AskedWithdrawal, { client, settings }: RepairInvocation): Promise<unknown> {
  const { build, by, reason, request, because, descendants, wants } = asked;
  const { AWAITED_REVOKE_BUILD: revoke, AWAITED_RESTORE_BUILD: restore } = settings.env;
  if (wants === "restored") {
    return callFunction(client(LambdaClient), restore, { build, by, reason, request, goesOn: true });
  }
  return callFunction(client(LambdaClient), revoke, { build, by, reason, because, descendants, goesOn: request });
}
