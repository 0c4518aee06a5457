import { claimSlackRequest } from "../adapters/ledger/approvals.ts";
import { readSlackAnswer } from "../core/read-slack-answer.ts";
import { readSlackRollback } from "../core/read-slack-rollback.ts";
import { checkSlackSignature } from "../core/slack-signature.ts";
import { rawBody, respond, urlRequest } from "./lib/approvals/url-request.ts";
import { countMetric } from "./lib/count-metric.ts";
import { lambda } from "./lib/lambda.ts";
import { takeAnswer } from "./lib/slack/take-answer.ts";
import { takeRollback } from "./lib/slack/take-rollback.ts";

/**
 * Takes clicks and commands from Slack. Anybody can send something here: only what Slack signed a moment ago, and that did
 * not come before, is kept. Slack waits three seconds, so other functions decide over it.
 */
export const handler = lambda({
  input: urlRequest,
  env: ["SLACK_SIGNING_SECRET", "RESOLVE_APPROVAL_FUNCTION", "ROLL_BACK_FROM_SLACK_FUNCTION"],
  async run(request, step) {
    const { settings, ledger, now, log } = step;
    const refuse = (why: string) => {
      log.warn("a Slack request was refused", { why });
      countMetric("SlackRequestRefused");
      return respond(403, { error: "forbidden" });
    };
    const body = rawBody(request);
    const { "x-slack-signature": signature = "", "x-slack-request-timestamp": timestamp } = request.headers;
    const verdict = checkSlackSignature({ body, timestamp, signature }, settings.env.SLACK_SIGNING_SECRET, now);
    if (verdict !== "genuine") return refuse(verdict);
    if (!(await claimSlackRequest(ledger, signature, now))) return refuse("replayed");
    const id = signature.slice("v0=".length, "v0=".length + 32);
    const answer = readSlackAnswer(body);
    const rollback = readSlackRollback(body);
    if (answer) await takeAnswer(answer, id, step);
    else if (rollback && "usage" in rollback) return respond(200, { response_type: "ephemeral", text: rollback.usage });
    else if (rollback) await takeRollback(rollback, id, step);
    else log.info("an interaction that asks nothing of us");
    return respond(200);
  },
});
