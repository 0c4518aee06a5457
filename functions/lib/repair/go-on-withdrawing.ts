import { LambdaClient } from "@aws-sdk/client-lambda";
import { callFunction } from "../../../adapters/call-function.ts";
import { type AskedWithdrawal, listAsked, recordTakenUp } from "../../../adapters/ledger/asked-withdrawals.ts";
import { buildVersion, imageOf } from "../../../core/build-arn.ts";
import { isLeft } from "../../../core/find-drift.ts";
import { inTurn } from "./in-turn.ts";
import { type RepairStep, report } from "./repair.ts";
import type { Followed } from "./while-announced.ts";

/**
 * Goes on with revocations and restorations that died half-way, or could not do all of it: each hour until they are
 * done. It is said once; of the end, `build.revoked` and `build.restored` tell.
 * @returns how many were taken up for the first time, and whether any is not done
 * @throws RepairsFailed, naming the builds; they are gone on with in the next hour
 */
export async function goOnWithdrawing(step: RepairStep): Promise<Followed> {
  const all = await listAsked(step.ledger);
  const left = all.filter(({ since }) => isLeft(since, step.now));
  const repaired = await inTurn(Object.fromEntries(left.map((asked) => [asked.build, () => goOn(asked, step)])));
  return { repaired, open: all.length > 0 };
}

async function goOn(asked: AskedWithdrawal, step: RepairStep): Promise<number> {
  const { build, wants, by, takenUp } = asked;
  if (!takenUp) {
    const image = imageOf(step.settings.factory, build);
    const what = wants === "revoked" ? "revocation" : "restoration";
    if (image) await report(step, image, `the ${what} of ${buildVersion(build)} by ${by} was not done to the end`);
    await recordTakenUp(step.ledger, asked);
  }
  await carryOut(asked, step);
  return takenUp ? 0 : 1;
}

function carryOut(asked: AskedWithdrawal, { client, settings }: RepairStep): Promise<unknown> {
  const { build, by, reason, request, because, descendants, wants } = asked;
  const { AWAITED_REVOKE_BUILD: revoke, AWAITED_RESTORE_BUILD: restore } = settings.env;
  if (wants === "restored") {
    return callFunction(client(LambdaClient), restore, { build, by, reason, request, goesOn: true });
  }
  return callFunction(client(LambdaClient), revoke, { build, by, reason, because, descendants, goesOn: request });
}
