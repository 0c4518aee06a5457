import { LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { invokeLater } from "../adapters/functions.ts";
import type { ApprovalRecord } from "../adapters/ledger/approvals.ts";
import { readImageStates } from "../adapters/ledger/image-state.ts";
import { listLooks } from "../adapters/ledger/looks.ts";
import { driftSignal } from "../core/decide-look.ts";
import { followApprovals } from "./lib/approvals/follow-approvals.ts";
import { lambda } from "./lib/lambda.ts";
import { catchUp } from "./lib/repair/catch-up.ts";
import { isFullLookDue, lookAtAll, lookAtMoved, lookAtOrganization, lookAtWanted } from "./lib/repair/follow-looks.ts";
import { goOnWithdrawing } from "./lib/repair/go-on-withdrawing.ts";
import { inTurn } from "./lib/repair/in-turn.ts";
import { type Looked, lookAt } from "./lib/repair/look-at.ts";
import { measureImages } from "./lib/repair/measure-images.ts";
import { type RepairStep, repairEnv } from "./lib/repair/repair.ts";
import { repairBuilds } from "./lib/repair/repair-builds.ts";
import { takeBackEnded } from "./lib/repair/take-back-ended.ts";
import { whileAnnounced } from "./lib/repair/while-announced.ts";
import { tellUsage } from "./lib/usage/tell-usage.ts";

/** The hourly run; a full look now, on request; or an event of AWS that reports a change. */
const input = z.union([
  z.strictObject({ scheduledTime: z.iso.datetime() }),
  z.strictObject({ wants: z.literal("full") }),
  driftSignal,
]);

export const handler = lambda({
  input,
  env: repairEnv,
  run: (event, step): Promise<Looked> => ("source" in event ? lookAt(event, step) : reconcile("wants" in event, step)),
});

/**
 * Continues what lost events, crashes and manual changes left unfinished. The functions that do the work stay the only
 * ones. What is published is compared with AWS once per full look, and in between only what events report.
 */
async function reconcile(asked: boolean, step: RepairStep): Promise<Looked> {
  const { ledger, client, settings } = step;
  const states = await readImageStates(ledger, Object.keys(settings.factory.images));
  measureImages(states, step);
  const looks = await listLooks(ledger);
  const full = asked || isFullLookDue(looks, step);
  const given = { looks, full };
  const resolve = ({ build, channel }: Pick<ApprovalRecord, "build" | "channel">) =>
    invokeLater(client(LambdaClient), settings.env.RESOLVE_APPROVAL_FUNCTION, { build, channel, repair: true });
  const repaired = await inTurn({
    approvals: () => whileAnnounced("approvals", given, step, () => followApprovals(step, resolve)),
    builds: () => repairBuilds(states, step),
    usage: () => whileAnnounced("usage", given, step, () => tellUsage(step)),
    withdrawals: () => whileAnnounced("withdrawals", given, step, () => goOnWithdrawing(step)),
    promotions: () => whileAnnounced("promotions", given, step, () => takeBackEnded(states, step)),
    regions: () => catchUp(states, step),
    organization: () => lookAtOrganization(looks, states, step),
    ...(full
      ? { everything: () => lookAtAll(looks, states, step) }
      : {
          moved: () => lookAtMoved(looks, states, step),
          looks: () => lookAtWanted(looks, states, step),
        }),
  });
  return { repaired };
}
