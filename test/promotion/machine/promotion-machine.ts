import { functionArn } from "embedded-aws/testing/states";
import { promotionDefinition } from "../../../stacks/promotion/definition.ts";

const step = (name: string) => ({ arn: functionArn(name), timeoutSeconds: 60 });

/** The factory's own machine, with the functions of a workbench. */
export const promotion = promotionDefinition("aws", {
  collectEvidence: step("collect-evidence"),
  decideGate: step("decide-gate"),
  distributeImage: step("distribute-image"),
  recordCopy: step("record-copy"),
  requestApproval: step("request-approval"),
  expireApproval: step("expire-approval"),
  checkPromotion: step("check-promotion"),
  keepGrants: step("keep-grants"),
  prepareImage: step("prepare-image"),
  shareImage: step("share-image"),
  verifyShare: step("verify-share"),
  startCanary: step("start-canary"),
  checkCanary: step("check-canary"),
  endCanary: step("end-canary"),
  moveChannel: step("move-channel"),
  confirmChannel: step("confirm-channel"),
  shareParameter: step("share-parameter"),
  verifyParameter: step("verify-parameter"),
  undoPromotion: step("undo-promotion"),
});
