import { slackEnvironment } from "../notice/notices.ts";
import { readsSlackSecret } from "../notice/slack-secrets.ts";
import { factory } from "../program/factory.ts";
import { functionUrl } from "../resources/function-url.ts";
import type { Grant } from "../resources/grant.ts";
import { asyncFunction, syncFunction } from "../resources/lambda-function.ts";
import { rollBack } from "../revocation/functions.ts";
import { rollingOut } from "../rollout/functions.ts";

/** Task tokens have no resource type (service authorization reference, "AWS Step Functions"). */
const answerTasks: Grant = { actions: ["states:SendTaskSuccess"], resources: ["*"] };

export const requestApproval = syncFunction("approval/request-approval", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [answerTasks],
});

export const expireApproval = syncFunction("approval/expire-approval", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "BatchGetItem", "Query", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [answerTasks],
});

export const checkPromotion = syncFunction("promotion/check-promotion", {
  timeoutSeconds: 30,
  ledger: ["GetItem", "BatchGetItem", "Query"],
  putsEvents: true,
});

export const resolveApproval = asyncFunction("approval/resolve-approval", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "BatchGetItem", "Query", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [answerTasks],
  environment: slackEnvironment,
});

const toResolve: Grant = { actions: ["lambda:InvokeFunction"], resources: [resolveApproval.arn] };

const environment = { RESOLVE_APPROVAL_FUNCTION: resolveApproval.name };

/** `amint approve` and `amint reject`: callers that IAM allows, identified by their principals. */
const answerApproval = syncFunction("approval/answer-approval", {
  timeoutSeconds: 90,
  ledger: ["Query", "PutItem"],
  grants: [toResolve],
  environment,
});

functionUrl("answer-approval", answerApproval, { auth: "iam" });

/** The URL is public: the function verifies that Slack sent the request. */
if (factory.notify.slack) {
  const steerRollOut = rollingOut?.steerRollOut;
  const handleSlackRequest = asyncFunction("channel/handle-slack-request", {
    // Covers the rollback and waits when Slack throttles.
    timeoutSeconds: 300,
    ledger: ["GetItem", "Query", "UpdateItem"],
    grants: [
      { actions: ["lambda:InvokeFunction"], resources: [rollBack.arn, ...(steerRollOut ? [steerRollOut.arn] : [])] },
      ...readsSlackSecret("bot-token"),
    ],
    // It invokes these functions synchronously, so it needs no dead-letter queue for them.
    environment: {
      AWAITED_ROLL_BACK: rollBack.name,
      AWAITED_STEER_ROLL_OUT: steerRollOut?.name ?? "none",
      ...slackEnvironment,
    },
  });
  const answerSlack = syncFunction("approval/answer-slack", {
    // Slack gives up after three seconds.
    timeoutSeconds: 10,
    reservedConcurrency: factory.notify.slack.reservedConcurrency,
    ledger: ["PutItem"],
    grants: [
      { actions: ["lambda:InvokeFunction"], resources: [resolveApproval.arn, handleSlackRequest.arn] },
      ...readsSlackSecret("signing-secret"),
    ],
    environment: { ...environment, HANDLE_SLACK_REQUEST_FUNCTION: handleSlackRequest.name },
  });
  functionUrl("answer-slack", answerSlack, { auth: "none" });
}
