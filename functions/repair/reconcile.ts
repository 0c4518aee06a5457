import { LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import type { ApprovalRecord } from "../../adapters/approval/approvals.ts";
import { invokeLater } from "../../adapters/functions.ts";
import { announceWork } from "../../adapters/repair/drift-checks.ts";
import { driftSignal } from "../../core/repair/decide-drift-check.ts";
import { executionStatusChange } from "../../events/aws/execution-status-change.ts";
import { followApprovals } from "../approval/follow-approvals.ts";
import { inTurn } from "../in-turn.ts";
import { lambda } from "../lambda.ts";
import { measureImages } from "../monitoring/metrics.ts";
import { publishUsage } from "../revocation/usage.ts";
import { followExposure, followRollouts } from "./follow-rollouts.ts";
import { type DriftOutcome, handleDriftSignal } from "./handle-drift-signal.ts";
import { readHour } from "./read-hour.ts";
import { type RepairInvocation, repairEnv } from "./repair.ts";
import { followBuilds } from "./repair-builds.ts";
import { catchUp, resumeWithdrawals, undoEnded } from "./resume-promotions.ts";
import { checkAll, checkMoved, checkOrganization, checkRequested } from "./run-drift-checks.ts";
import { whileAnnounced } from "./while-announced.ts";

/** The hourly run; a full check on request; the bad end of a promotion; or an AWS event that reports a change. */
const input = z.union([
  z.strictObject({ scheduledTime: z.iso.datetime() }),
  z.strictObject({ wants: z.literal("full") }),
  executionStatusChange.schema,
  driftSignal,
]);

/**
 * Resumes what lost events, crashes and manual changes left unfinished, by invoking the functions that own the work.
 * Compares everything with AWS once per full check, and in between only what events report.
 */
async function reconcile(asked: boolean, invocation: RepairInvocation): Promise<DriftOutcome> {
  const { client, settings } = invocation;
  const hour = await readHour(asked, invocation);
  const { states, checks } = hour;
  measureImages(states, invocation);
  const resolve = ({ build, channel }: Pick<ApprovalRecord, "build" | "channel">) =>
    invokeLater(client(LambdaClient), settings.env.RESOLVE_APPROVAL_FUNCTION, { build, channel, repair: true });
  const repaired = await inTurn({
    approvals: () => whileAnnounced("approvals", hour, invocation, () => followApprovals(invocation, hour, resolve)),
    builds: () => followBuilds(hour, invocation),
    usage: () => whileAnnounced("usage", hour, invocation, () => publishUsage(invocation)),
    withdrawals: () => whileAnnounced("withdrawals", hour, invocation, () => resumeWithdrawals(invocation)),
    promotions: () => undoEnded(hour, invocation),
    regions: () => catchUp(states, invocation),
    rollouts: () => followRollouts(hour, invocation),
    exposure: () => whileAnnounced("exposure", hour, invocation, () => followExposure(invocation)),
    organization: () => checkOrganization(hour, asked, invocation),
    ...(hour.full
      ? { everything: () => checkAll(checks, states, invocation) }
      : {
          moved: () => checkMoved(hour, invocation),
          checks: () => whileAnnounced("looks", hour, invocation, () => checkRequested(checks, states, invocation)),
        }),
  });
  return { repaired };
}

export const handler = lambda({
  input,
  env: repairEnv,
  run: (event, invocation): Promise<DriftOutcome> => {
    if (!("source" in event)) return reconcile("wants" in event, invocation);
    return event.source === "aws.states" ? awaitUndo(invocation) : handleDriftSignal(event, invocation);
  },
});

/** Its state machine undoes a promotion before it ends; the hourly run looks whether that was done. */
async function awaitUndo({ ledger, now }: RepairInvocation): Promise<DriftOutcome> {
  await announceWork(ledger, "promotions", now.toISOString());
  return { because: "left to the hourly run" };
}
