import { promotionName } from "../../core/names.ts";
import { checkPromotion, expireApproval, requestApproval } from "../approval/functions.ts";
import { confirmChannel, moveChannel, shareImage, undoPromotion } from "../channel/functions.ts";
import { keepGrants, prepareImage, shareParameter } from "../channel/publish.ts";
import { collectEvidence, decideGate } from "../evidence/functions.ts";
import { factory } from "../program/factory.ts";
import { alarm } from "../resources/alarm.ts";
import { place } from "../resources/deployment.ts";
import { serviceRole } from "../resources/grant.ts";
import { readEveryImage } from "../resources/image-builder-grants.ts";
import { deliverLogs, stateMachine } from "../resources/state-machine.ts";
import { checkCanary, endCanary, startCanary, verifyParameter, verifyShare } from "../share/verification.ts";
import { promotionDefinition } from "./definition.ts";
import { distributeImage, recordCopy } from "./functions.ts";

const functions = {
  collectEvidence,
  decideGate,
  distributeImage,
  recordCopy,
  requestApproval,
  expireApproval,
  checkPromotion,
  keepGrants,
  prepareImage,
  shareImage,
  verifyShare,
  verifyParameter,
  startCanary,
  checkCanary,
  endCanary,
  moveChannel,
  confirmChannel,
  shareParameter,
  undoPromotion,
};

const role = serviceRole("promotion", "states.amazonaws.com", {
  bySourceAccount: true,
  grants: [
    { actions: ["lambda:InvokeFunction"], resources: Object.values(functions).map(({ arn }) => arn) },
    readEveryImage,
    deliverLogs,
  ],
});

export const promotion = stateMachine("Promotion", {
  name: promotionName(factory.name),
  roleArn: role.arn,
  definition: $resolve(functions).apply((resolved) => JSON.stringify(promotionDefinition(place.partition, resolved))),
});

// `undo-promotion` sends a notice of a failure; the alarm also covers failures of that function.
for (const [name, metric, what] of [
  ["promotion-failed", "ExecutionsFailed", "ended with an error"],
  ["promotion-timed-out", "ExecutionsTimedOut", "was stopped after thirty days"],
] as const) {
  alarm(name, {
    description: `A promotion ${what}. The execution's input names the build.`,
    namespace: "AWS/States",
    metric,
    statistic: "Sum",
    dimensions: { StateMachineArn: promotion.arn },
  });
}
