import { syncFunction } from "../resources/lambda-function.ts";
import { promotion } from "./state-machine.ts";

/** Called by `amint promote`. */
export const promoteBuild = syncFunction("promotion/promote-build", {
  timeoutSeconds: 30,
  ledger: ["GetItem", "Query", "PutItem", "DeleteItem"],
  grants: [{ actions: ["states:StartExecution"], resources: [promotion.arn] }],
  environment: { PROMOTION_ARN: promotion.arn },
});
