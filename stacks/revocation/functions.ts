import { promotionName } from "../../core/names.ts";
import {
  askForUsage,
  changePermissions,
  confirmParents,
  inEachRegion,
  isOurs,
  mark,
  moveParameters,
  prove,
  readAncestry,
  readPermissions,
  unmark,
} from "../channel/functions.ts";
import { copying, emptyChannels, fillChannels, moveTags, united } from "../containers/container-grants.ts";
import { factory } from "../program/factory.ts";
import { arnOf } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { syncFunction } from "../resources/lambda-function.ts";

// `amint rollback`, `amint revoke` and `amint restore` invoke these functions synchronously.

const unshare: Grant = {
  actions: ["ec2:DisableImage", "ec2:EnableImage"],
  resources: inEachRegion("image"),
  conditions: [isOurs],
};

const goBack = [
  ...[changePermissions, readPermissions, mark, unmark, ...moveParameters, ...prove],
  ...united(fillChannels, emptyChannels, moveTags),
];

export const rollBack = syncFunction("channel/roll-back", {
  timeoutSeconds: copying(180),
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem"],
  putsEvents: true,
  grants: [...goBack, ...confirmParents],
});

export const revokeBuild = syncFunction("revocation/revoke-build", {
  timeoutSeconds: copying(300),
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    ...goBack,
    unshare,
    askForUsage,
    readAncestry,
    { actions: ["states:StopExecution"], resources: [arnOf("states", `execution:${promotionName(factory.name)}:*`)] },
  ],
});

export const restoreBuild = syncFunction("revocation/restore-build", {
  timeoutSeconds: copying(120),
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    changePermissions,
    readPermissions,
    mark,
    unshare,
    ...united(fillChannels, emptyChannels),
    // Restores the deprecation date from before retirement, or none.
    ...prove,
    {
      actions: ["ec2:EnableImageDeprecation", "ec2:DisableImageDeprecation"],
      resources: inEachRegion("image"),
      conditions: [isOurs],
    },
    // The Recycle Bin's List actions have no resource types (service authorization reference, "Amazon EC2").
    { actions: ["ec2:ListImagesInRecycleBin", "ec2:ListSnapshotsInRecycleBin"], resources: ["*"] },
    {
      actions: ["ec2:RestoreImageFromRecycleBin"],
      resources: inEachRegion("image"),
      conditions: [isOurs],
    },
    {
      actions: ["ec2:RestoreSnapshotFromRecycleBin"],
      resources: inEachRegion("snapshot"),
      conditions: [isOurs],
    },
  ],
});
