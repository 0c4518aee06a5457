import type * as Sdk from "@aws-sdk/client-inspector2";
import type { Call, Operations } from "../../engine/operation.ts";
import { badRequest, conflict } from "./refusals.ts";
import { type CisSession, inspectorState } from "./state.ts";

/** A job belongs to the instance that it was assigned to. */
function requireJob(call: Call, scanJobId: string | undefined): CisSession {
  const job = call.aws.state(inspectorState, call.account, call.region).cisSessions.get(scanJobId ?? "");
  if (!job || job.principalArn !== call.principal.arn)
    throw badRequest(`The scan job ${scanJobId} does not exist, or belongs to another instance.`);
  if (job.stopped) throw conflict(`The session of the scan job ${scanJobId} has stopped.`);
  return job;
}

function requireSession(
  call: Call,
  { scanJobId, sessionToken }: { scanJobId: string | undefined; sessionToken: string | undefined },
): CisSession {
  const job = requireJob(call, scanJobId);
  if (job.token === undefined || job.token !== sessionToken) {
    throw badRequest(`The session token does not belong to the scan job ${scanJobId}.`);
  }
  return job;
}

export const operations = {
  /** Called by the Systems Manager agent's Inspector plugin, with the permissions of the instance's role. */
  StartCisSession: {
    run({ scanJobId, message }, call) {
      const job = requireJob(call, scanJobId);
      if (job.token !== undefined) throw conflict(`The scan job ${scanJobId} already has a session.`);
      job.token = message?.sessionToken;
    },
  },
  SendCisSessionHealth: {
    run(input, call) {
      requireSession(call, { scanJobId: input.scanJobId, sessionToken: input.sessionToken });
    },
  },
  SendCisSessionTelemetry: {
    run({ scanJobId, sessionToken, messages }, call) {
      const { told } = requireSession(call, { scanJobId, sessionToken });
      for (const { ruleId, status } of messages ?? []) if (ruleId && status) told.set(ruleId, status);
    },
  },
  StopCisSession: {
    run({ scanJobId, sessionToken }, call) {
      requireSession(call, { scanJobId, sessionToken }).stopped = true;
    },
  },
} satisfies Operations<typeof Sdk>;
