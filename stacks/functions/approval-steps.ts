import { functionUrl } from "../function-url.ts";
import type { Grant } from "../grant.ts";
import { asyncFunction, syncFunction } from "../lambda-function.ts";
import { slackEnvironment, slackListening } from "../slack.ts";
import { rollBack } from "./channel-steps-back.ts";

/** Task tokens belong to no resource (service authorization reference, "AWS Step Functions"). */
const answerTasks: Grant = { actions: ["states:SendTaskSuccess"], resources: ["*"] };

export const requestApproval = syncFunction("request-approval", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [answerTasks],
});

export const expireApproval = syncFunction("expire-approval", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "BatchGetItem", "Query", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [answerTasks],
});

export const checkPromotion = syncFunction("check-promotion", {
  timeoutSeconds: 30,
  ledger: ["GetItem", "BatchGetItem", "Query"],
  putsEvents: true,
});

export const resolveApproval = asyncFunction("resolve-approval", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "BatchGetItem", "Query", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [answerTasks],
  environment: { SLACK_API_URL: slackEnvironment.SLACK_API_URL },
});

const toResolve: Grant = { actions: ["lambda:InvokeFunction"], resources: [resolveApproval.arn] };
const environment = { RESOLVE_APPROVAL_FUNCTION: resolveApproval.name };

/** `amint approve` and `amint reject`: those whom IAM lets in, by their names there. */
const answerApproval = syncFunction("answer-approval", {
  timeoutSeconds: 90,
  ledger: ["Query", "PutItem"],
  grants: [toResolve],
  environment,
});
functionUrl("answer-approval", answerApproval, { auth: "iam" });

/** Whoever finds the address may call it: the function itself sees whether Slack did. */
if (slackListening) {
  const rollBackFromSlack = asyncFunction("roll-back-from-slack", {
    // As long as the rollback takes, and as Slack may want to be left alone.
    timeoutSeconds: 300,
    ledger: ["GetItem", "Query", "UpdateItem"],
    grants: [{ actions: ["lambda:InvokeFunction"], resources: [rollBack.arn] }],
    // It waits for that one, so nothing it cannot do is parked there.
    environment: { AWAITED_ROLL_BACK: rollBack.name, ...slackEnvironment },
  });
  const answerSlack = syncFunction("answer-slack", {
    // Slack gives up after three.
    timeoutSeconds: 10,
    ledger: ["PutItem"],
    grants: [{ actions: ["lambda:InvokeFunction"], resources: [resolveApproval.arn, rollBackFromSlack.arn] }],
    environment: { ...environment, ROLL_BACK_FROM_SLACK_FUNCTION: rollBackFromSlack.name, ...slackListening },
  });
  functionUrl("answer-slack", answerSlack, { auth: "none" });
}
