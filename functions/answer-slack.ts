import { LambdaClient } from "@aws-sdk/client-lambda";
import { invokeLater } from "../adapters/functions.ts";
import { claimSlackRequest, recordAnswer } from "../adapters/ledger/approvals.ts";
import { readSlackAnswer } from "../core/read-slack-answer.ts";
import { checkSlackSignature } from "../core/slack-signature.ts";
import { rawBody, respond, urlRequest } from "./lib/approvals/url-request.ts";
import { countMetric } from "./lib/count-metric.ts";
import { lambda } from "./lib/lambda.ts";

/**
 * Takes clicks from Slack. Anybody can send something here: only what Slack signed a moment ago, and that did not come
 * before, is kept. Slack waits three seconds, so another function decides over it.
 */
export const handler = lambda({
  input: urlRequest,
  env: ["SLACK_SIGNING_SECRET", "RESOLVE_APPROVAL_FUNCTION"],
  clients: () => ({ functions: new LambdaClient({}) }),
  async run(request, { settings, ledger, clients, now, log }) {
    const { SLACK_SIGNING_SECRET: secret, RESOLVE_APPROVAL_FUNCTION: resolve } = settings.env;
    const refuse = (why: string) => {
      log.warn("a Slack request was refused", { why });
      countMetric("SlackRequestRefused");
      return respond(403, { error: "forbidden" });
    };
    const body = rawBody(request);
    const { "x-slack-signature": signature = "", "x-slack-request-timestamp": timestamp } = request.headers;
    const verdict = checkSlackSignature({ body, timestamp, signature }, secret, now);
    if (verdict !== "genuine") return refuse(verdict);
    if (!(await claimSlackRequest(ledger, signature, now))) return refuse("replayed");
    const answer = readSlackAnswer(body);
    if (!answer) {
      log.info("an interaction that asks nothing of us");
      return respond(200);
    }
    const { build, channel, user, name, responseUrl } = answer;
    const id = signature.slice("v0=".length, "v0=".length + 32);
    await recordAnswer(
      ledger,
      { build, channel },
      {
        id,
        identity: { slack: user },
        ...(name && { name }),
        verdict: answer.verdict,
        via: "slack",
        at: now.toISOString(),
      },
    );
    await invokeLater(clients.functions, resolve, { build, channel, answer: id, ...(responseUrl && { responseUrl }) });
    return respond(200);
  },
});
