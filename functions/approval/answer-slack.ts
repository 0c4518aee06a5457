import { LambdaClient } from "@aws-sdk/client-lambda";
import { SSMClient } from "@aws-sdk/client-ssm";
import { claimSlackRequest, recordSlackAnswer } from "../../adapters/approval/approvals.ts";
import { recordRollback } from "../../adapters/channel/rollbacks.ts";
import { invokeLater } from "../../adapters/functions.ts";
import { readSlackSecret } from "../../adapters/notice/slack-secrets.ts";
import { readSlackAnswer, type SlackAnswer } from "../../core/approval/slack-answer.ts";
import { readSlackRollback, type SlackRollback } from "../../core/channel/slack-rollback.ts";
import { checkSlackSignature, type SignatureVerdict, type SignedBody } from "../../core/notice/slack-request.ts";
import { readSlackSteering, type SlackSteering } from "../../core/rollout/slack-steering.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { countMetric } from "../monitoring/metrics.ts";
import { respond, urlRequest, withBody } from "../url-request.ts";

/** Records an answer to an approval and invokes the function that decides. */
async function takeAnswer(
  answer: SlackAnswer,
  id: string,
  invocation: Invocation<"RESOLVE_APPROVAL_FUNCTION">,
): Promise<void> {
  const { ledger, client, settings, now } = invocation;
  const { build, channel, user, name, verdict, responseUrl } = answer;
  const given = { id, identity: { slack: user }, ...(name && { name }), verdict, at: now.toISOString() };
  await recordSlackAnswer(ledger, { build, channel }, given);
  await invokeLater(client(LambdaClient), settings.env.RESOLVE_APPROVAL_FUNCTION, {
    build,
    channel,
    answer: id,
    ...(responseUrl && { responseUrl }),
  });
}

/** Records a request to roll a channel back or steer a roll-out, and invokes the function that checks permissions. */
async function takeRollback(
  { user, message, responseUrl, ...asked }: SlackRollback | SlackSteering,
  id: string,
  invocation: Invocation<"HANDLE_SLACK_REQUEST_FUNCTION">,
): Promise<void> {
  const { ledger, client, settings, now } = invocation;
  const request = { ...asked, id, identity: { slack: user }, at: now.toISOString() };
  await recordRollback(ledger, request);
  await invokeLater(client(LambdaClient), settings.env.HANDLE_SLACK_REQUEST_FUNCTION, {
    ...request,
    ...(message && { message }),
    ...(responseUrl && { responseUrl }),
  });
}

/** Uses the cached signing secret first, then, if that fails, the current one. */
async function checkSignature(signed: SignedBody, { client, settings, now }: Invocation): Promise<SignatureVerdict> {
  const source = { ssm: client(SSMClient), factory: settings.factory.name, now };
  const secret = await readSlackSecret(source, "signing-secret");
  const verdict = checkSlackSignature(signed, secret, now);
  if (verdict !== "forged") return verdict;
  const anew = await readSlackSecret(source, "signing-secret", secret);
  return anew === secret ? verdict : checkSlackSignature(signed, anew, now);
}

/**
 * Receives clicks and commands from Slack. The URL is public: only requests that Slack signed recently, and that are
 * not replays, are recorded. Slack waits three seconds, so other functions process them.
 */
export const handler = lambda({
  input: urlRequest,
  env: ["RESOLVE_APPROVAL_FUNCTION", "HANDLE_SLACK_REQUEST_FUNCTION"],
  run: withBody(
    async (request, body, invocation: Invocation<"RESOLVE_APPROVAL_FUNCTION" | "HANDLE_SLACK_REQUEST_FUNCTION">) => {
      const { ledger, now, log } = invocation;
      const refuse = (why: string) => {
        log.warn("Slack request rejected", { why });
        countMetric("SlackRequestRefused");
        return respond(403, { error: "forbidden" });
      };
      const { "x-slack-signature": signature = "", "x-slack-request-timestamp": timestamp } = request.headers;
      const verdict = await checkSignature({ body, timestamp, signature }, invocation);
      if (verdict !== "genuine") return refuse(verdict);
      if (!(await claimSlackRequest(ledger, signature, now))) return refuse("replayed");
      const id = signature.slice("v0=".length, "v0=".length + 32);
      const answer = readSlackAnswer(body);
      const rollback = readSlackRollback(body) ?? readSlackSteering(body);
      if (answer) await takeAnswer(answer, id, invocation);
      else if (rollback && "usage" in rollback)
        return respond(200, { response_type: "ephemeral", text: rollback.usage });
      else if (rollback) await takeRollback(rollback, id, invocation);
      else log.info("Slack interaction ignored: not a known action");
      return respond(200);
    },
  ),
});
