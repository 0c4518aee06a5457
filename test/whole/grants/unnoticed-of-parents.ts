/** The same for parents' parameters: no scenario rolls back or empties a channel that has children. */
export const unnoticedOfParents = [
  {
    holder: "RollBackRole",
    resources: ["*/amint-parents/*"],
    actions: ["ssm:GetParameter", "ssm:PutParameter"],
    reason: "moves what children's recipes start from; no image is made from the channel that goes back here",
  },
  ...["ConfirmChannelRole", "ReconcileRole", "RevokeBuildRole", "RollBackRole", "UndoPromotionRole"].map((holder) => ({
    holder,
    resources: ["arn:*:parameter/aws/service/*"],
    actions: ["ssm:GetParameter"],
    reason:
      "lets children's recipes start from the root's AMI where a channel points at nothing; none of a parent does here",
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
    reason: "looks whether Parameter Store took what was repaired; what children's recipes start from is right here",
  },
];
