import { LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { type ApprovalRecord, findApprovals, recordIamAnswer } from "../../adapters/approval/approvals.ts";
import { callFunction } from "../../adapters/functions.ts";
import { buildArn, channelName } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { iamRequest, parseJson, respond, signerOf, withBody } from "../url-request.ts";

const asked = z.strictObject({
  build: buildArn,
  /** Default: the channel whose approval is open. */
  channel: channelName.optional(),
  verdict: z.enum(["approved", "rejected"]),
  reason: z.string().min(1).max(500),
});

/** The result of `functions/approval/resolve-approval.ts`. */
const resolved = z.object({ outcome: z.enum(["counted", "refused"]), text: z.string() });

/**
 * Receives the answers of `amint approve` and `amint reject`; the approver's identity comes from IAM, not from the
 * request.
 */
export const handler = lambda({
  input: iamRequest,
  env: ["RESOLVE_APPROVAL_FUNCTION"],
  run: withBody(
    async (request: z.output<typeof iamRequest>, body, invocation: Invocation<"RESOLVE_APPROVAL_FUNCTION">) => {
      const { settings, ledger, client, now, log, requestId: id } = invocation;
      const principal = signerOf(request, id);
      if (!principal)
        return respond(403, { outcome: "refused", text: "The request did not come through the function URL." });
      const read = asked.safeParse(parseJson(body));
      if (!read.success) return respond(400, { text: `The answer is invalid: ${z.prettifyError(read.error)}` });
      const { build, verdict, reason } = read.data;
      const channel = read.data.channel ?? waitingChannel(await findApprovals(ledger, build));
      if (!channel) {
        log.warn("answer without a requested approval", { build, principal, verdict });
        return respond(409, { outcome: "refused", text: `No approval of ${build} was requested.` });
      }
      const subject = { build, channel };
      await recordIamAnswer(ledger, subject, { id, identity: { principal }, verdict, reason, at: now.toISOString() });
      const answer = await callFunction(client(LambdaClient), settings.env.RESOLVE_APPROVAL_FUNCTION, {
        ...subject,
        answer: id,
      });
      const { outcome, text } = resolved.parse(answer);
      return respond(outcome === "counted" ? 200 : 409, { outcome, text });
    },
  ),
});

/** The open one; otherwise the latest, so that a late answer gets its outcome. */
function waitingChannel(approvals: readonly ApprovalRecord[]): string | undefined {
  const newest = approvals.toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt));
  return (newest.find(({ decided }) => !decided) ?? newest[0])?.channel;
}
