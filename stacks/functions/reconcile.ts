import { asyncFunction } from "../lambda-function.ts";
import { promotion } from "../promotion/state-machine.ts";
import { resolveApproval } from "./approval-steps.ts";
import { readOwnBuilds } from "./image-builder-grants.ts";
import { recordBuild } from "./record-build.ts";
import { startBuild } from "./start-build.ts";

export const reconcile = asyncFunction("reconcile", {
  timeoutSeconds: 300,
  ledger: ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    readOwnBuilds,
    { actions: ["lambda:InvokeFunction"], resources: [startBuild.arn, recordBuild.arn, resolveApproval.arn] },
  ],
  environment: {
    START_BUILD_FUNCTION: startBuild.name,
    RECORD_BUILD_FUNCTION: recordBuild.name,
    RESOLVE_APPROVAL_FUNCTION: resolveApproval.name,
    PROMOTION_ARN: promotion.arn,
  },
});
