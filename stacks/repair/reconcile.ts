import { channelParameterRoot, parentParameterRoot, promotionName } from "../../core/names.ts";
import { resolveApproval } from "../approval/functions.ts";
import { recordBuild, startBuild } from "../build/functions.ts";
import {
  changePermissions,
  confirmParents,
  mark,
  moveParameters,
  parentParameters,
  prove,
  readPermissions,
  readUsage,
  undoPromotion,
  unmark,
} from "../channel/functions.ts";
import { keyArns, shareParameters } from "../channel/publish.ts";
import {
  emptyChannels,
  fillChannels,
  moveTags,
  readRepositoryPolicies,
  united,
} from "../containers/container-grants.ts";
import { followOrganization } from "../organization/follow-organization.ts";
import { factory } from "../program/factory.ts";
import { promotion } from "../promotion/state-machine.ts";
import { arnOf, resourceName } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";
import { asyncFunction } from "../resources/lambda-function.ts";
import { restoreBuild, revokeBuild } from "../revocation/functions.ts";
import { rollingOut } from "../rollout/functions.ts";
import { watchExposure } from "../rollout/watch-exposure.ts";

const handsTo = [
  startBuild,
  recordBuild,
  resolveApproval,
  revokeBuild,
  restoreBuild,
  undoPromotion,
  followOrganization,
  ...(rollingOut ? [rollingOut.startRollOut] : []),
  ...(watchExposure ? [watchExposure] : []),
];

/** Only policies of keys that the stack creates are compared; the config's own keys belong to others. */
const madeKeys = factory.regions.filter((region) => factory.keys?.[region] === undefined);

const readKeys: Grant[] = [
  { actions: ["kms:DescribeKey"], resources: factory.regions.map((region) => keyArn(region)) },
  ...(madeKeys.length > 0
    ? [{ actions: ["kms:GetKeyPolicy"], resources: madeKeys.map((region) => keyArn(region)) }]
    : []),
];

/** GetParametersByPath is authorized on the path itself (Systems Manager user guide, "GetParametersByPath"). */
const readChannels: Grant = {
  actions: ["ssm:GetParametersByPath"],
  resources: [
    ...factory.regions.map((region) => arnOf("ssm", `parameter${channelParameterRoot(factory.name)}`, region)),
    ...(parentParameters.length > 0 ? [arnOf("ssm", `parameter${parentParameterRoot(factory.name)}`)] : []),
  ],
};

const readPromotions: Grant[] = [
  // It starts executions for regions that are behind.
  { actions: ["states:ListExecutions", "states:StartExecution"], resources: [promotion.arn] },
  { actions: ["states:DescribeExecution"], resources: [arnOf("states", `execution:${promotionName(factory.name)}:*`)] },
];

export const reconcile = asyncFunction("repair/reconcile", {
  // It waits for the revocations, restorations and undone promotions that it requests.
  timeoutSeconds: 900,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    { actions: ["lambda:InvokeFunction"], resources: handsTo.map(({ arn }) => arn) },
    ...readPromotions,
    readChannels,
    ...moveParameters,
    ...confirmParents,
    ...united(moveTags, fillChannels, emptyChannels),
    ...shareParameters,
    changePermissions,
    readPermissions,
    ...prove,
    mark,
    unmark,
    readUsage,
    ...readKeys,
    ...readRepositoryPolicies,
  ],
  environment: {
    START_BUILD_FUNCTION: startBuild.name,
    RECORD_BUILD_FUNCTION: recordBuild.name,
    RESOLVE_APPROVAL_FUNCTION: resolveApproval.name,
    AWAITED_REVOKE_BUILD: revokeBuild.name,
    AWAITED_RESTORE_BUILD: restoreBuild.name,
    AWAITED_UNDO_PROMOTION: undoPromotion.name,
    FOLLOW_ORGANIZATION_FUNCTION: followOrganization.name,
    // They exist where a channel has `rollout`.
    START_ROLL_OUT_FUNCTION: resourceName("start-roll-out"),
    WATCH_EXPOSURE_FUNCTION: resourceName("watch-exposure"),
    PROMOTION_ARN: promotion.arn,
    KEY_ARNS: keyArns,
  },
});
