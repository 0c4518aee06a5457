/** Names of the errors with which `functions/roll-back.ts` has decided: asked again, it says the same. */
export const rollbackDecisions: readonly string[] = [
  "RollbackRefused",
  "ChannelMovedOn",
  "ChannelContested",
  "BuildRevoked",
  "BuildRetired",
  "PromotionUndone",
  "UnknownImage",
  "UnknownChannel",
  "AmiNotAvailable",
  "NoAmiInRegion",
];
