import { promotionName } from "../../core/names.ts";
import { factory } from "../program/factory.ts";
import { arnOf } from "../resources/deployment.ts";
import { functionUrl } from "../resources/function-url.ts";
import { syncFunction } from "../resources/lambda-function.ts";
import { promotion } from "./state-machine.ts";

const executions = arnOf("states", `execution:${promotionName(factory.name)}:*`);

/** Called by `amint promote`. */
export const promoteBuild = syncFunction("promotion/promote-build", {
  timeoutSeconds: 30,
  ledger: ["GetItem", "Query", "PutItem", "DeleteItem"],
  grants: [
    { actions: ["states:StartExecution", "states:ListExecutions"], resources: [promotion.arn] },
    { actions: ["states:GetExecutionHistory", "states:StopExecution"], resources: [executions] },
  ],
  environment: { PROMOTION_ARN: promotion.arn },
});

/** IAM authenticates who asks for an urgent promotion. */
functionUrl("promote-build", promoteBuild, { auth: "iam" });
