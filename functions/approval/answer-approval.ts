import { LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { type ApprovalRecord, findApprovals, recordIamAnswer } from "../../adapters/approval/approvals.ts";
import { callFunction } from "../../adapters/functions.ts";
import { buildArn, channelName } from "../../events/ids.ts";
import { lambda } from "../lambda.ts";
import type { Step } from "../step.ts";
import { iamRequest, parseJson, respond, signerOf, withBody } from "../url-request.ts";

const asked = z.strictObject({
  build: buildArn,
  /** Left out: the one that waits. */
  channel: channelName.optional(),
  verdict: z.enum(["approved", "rejected"]),
  reason: z.string().min(1).max(500),
});

/** What `functions/approval/resolve-approval.ts` answers. */
const resolved = z.object({ outcome: z.enum(["counted", "refused"]), text: z.string() });

/** Takes the answers of `amint approve` and `amint reject`; who gives them is what IAM says, not what they say. */
export const handler = lambda({
  input: iamRequest,
  env: ["RESOLVE_APPROVAL_FUNCTION"],
  run: withBody(async (request: z.output<typeof iamRequest>, body, step: Step<"RESOLVE_APPROVAL_FUNCTION">) => {
    const { settings, ledger, client, now, log, requestId: id } = step;
    const principal = signerOf(request, id);
    if (!principal) return respond(403, { outcome: "refused", text: "This did not come by the function URL." });
    const read = asked.safeParse(parseJson(body));
    if (!read.success) return respond(400, { text: `The answer is not understood: ${z.prettifyError(read.error)}` });
    const { build, verdict, reason } = read.data;
    const channel = read.data.channel ?? waitingChannel(await findApprovals(ledger, build));
    if (!channel) {
      log.warn("an answer to what nobody asked", { build, principal, verdict });
      return respond(409, { outcome: "refused", text: `Nobody was asked to approve ${build}.` });
    }
    const subject = { build, channel };
    await recordIamAnswer(ledger, subject, { id, identity: { principal }, verdict, reason, at: now.toISOString() });
    const answer = await callFunction(client(LambdaClient), settings.env.RESOLVE_APPROVAL_FUNCTION, {
      ...subject,
      answer: id,
    });
    const { outcome, text } = resolved.parse(answer);
    return respond(outcome === "counted" ? 200 : 409, { outcome, text });
  }),
});

/** The one that waits; where none does, the one that waited last, so that whoever comes late hears how it ended. */
function waitingChannel(approvals: readonly ApprovalRecord[]): string | undefined {
  const newest = approvals.toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt));
  return (newest.find(({ decided }) => !decided) ?? newest[0])?.channel;
}
