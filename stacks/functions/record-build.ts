import { asyncFunction } from "../lambda-function.ts";
import { promotion } from "../promotion/state-machine.ts";
import { readBuildsRepositories } from "./builds-repository-grants.ts";
import { readOwnBuilds, readWorkflows } from "./image-builder-grants.ts";

export const recordBuild = asyncFunction("record-build", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    readOwnBuilds,
    ...readWorkflows,
    ...readBuildsRepositories,
    { actions: ["states:StartExecution"], resources: [promotion.arn] },
  ],
  environment: { PROMOTION_ARN: promotion.arn },
});
