/** The same for parents' parameters: no scenario rolls back or empties a channel that has children. */
export const unnoticedOfParents = [
  {
    holder: "RollBackRole",
    resources: ["*/amint-parents/*"],
    actions: ["ssm:GetParameter", "ssm:PutParameter"],
    reason: "moves parents' parameters; no image is built from the channel that is rolled back here",
  },
  ...["ConfirmChannelRole", "ReconcileRole", "RevokeBuildRole", "RollBackRole", "UndoPromotionRole"].map((holder) => ({
    holder,
    resources: ["arn:*:parameter/aws/service/*"],
    actions: ["ssm:GetParameter"],
    reason: "sets a parent's parameter to the root's AMI if the channel is empty; no parent's channel is empty here",
  })),
  ...["ReconcileRole", "UndoPromotionRole"].map((holder) => ({
    holder,
    resources: ["*/amint-parents/*"],
    actions: ["ssm:PutParameter"],
    reason: "reverts or repairs parents' parameters, which are correct and unchanged here",
  })),
  {
    holder: "ReconcileRole",
    resources: ["*/amint-parents/*"],
    actions: ["ssm:GetParameter"],
    reason: "checks whether Parameter Store accepted a repaired value; parents' parameters are correct here",
  },
];
