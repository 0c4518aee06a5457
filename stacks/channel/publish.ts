import { describeBuilds } from "../containers/container-grants.ts";
import { actAsConsumer } from "../organization/consumers.ts";
import { factory } from "../program/factory.ts";
import { arnOf, resourceName } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";
import { asyncFunction, syncFunction } from "../resources/lambda-function.ts";
import {
  inEachRegion,
  isMadeByImageBuilder,
  isOurs,
  onlyOurTags,
  parameters,
  prove,
  toReadOrganization,
} from "./functions.ts";

const ourShare = { test: "StringEquals", variable: "aws:ResourceTag/amint:factory", values: [factory.name] };
const eachShare = factory.regions.map((region) => arnOf("ram", "resource-share/*", region));

/**
 * Shares are identified by their tags, and allow no principals outside the organization. RAM stores a share as the parameter's
 * resource policy, with the caller's permissions (Systems Manager user guide, "Permissions sets for sharing parameters").
 */
export const shareParameters: Grant[] = [
  // List actions have no resource types; CreateResourceShare's does not exist yet (service authorization reference, "AWS RAM").
  { actions: ["ram:GetResourceShares", "ram:GetResourceShareAssociations"], resources: ["*"] },
  {
    actions: ["ram:CreateResourceShare"],
    resources: ["*"],
    conditions: [
      { test: "StringEquals", variable: "aws:RequestTag/amint:factory", values: [factory.name] },
      { test: "Bool", variable: "ram:RequestedAllowsExternalPrincipals", values: ["false"] },
    ],
  },
  {
    actions: ["ram:AssociateResourceShare", "ram:DisassociateResourceShare"],
    resources: eachShare,
    conditions: [ourShare],
  },
  { actions: ["ssm:GetResourcePolicies", "ssm:PutResourcePolicy"], resources: parameters },
];

export const shareParameter = syncFunction("share/share-parameter", {
  timeoutSeconds: 60,
  ledger: ["GetItem", ...toReadOrganization],
  grants: shareParameters,
});

export const prepareImage = syncFunction("share/prepare-image", {
  timeoutSeconds: 60,
  ledger: ["BatchGetItem", "PutItem"],
  grants: [
    ...prove,
    ...describeBuilds,
    {
      actions: ["ec2:ModifyImageAttribute", "ec2:EnableImageDeregistrationProtection", "ec2:EnableImageDeprecation"],
      resources: inEachRegion("image"),
      conditions: [isOurs],
    },
    { actions: ["ec2:CreateTags"], resources: inEachRegion("image"), conditions: [isOurs, onlyOurTags] },
    // Image Builder does not document whether a copy's snapshots have the distribution's tags.
    {
      actions: ["ec2:CreateTags"],
      resources: inEachRegion("snapshot"),
      conditions: [isMadeByImageBuilder, onlyOurTags],
    },
  ],
  // The commit of the factory's sources, set at deployment: `AMINT_COMMIT=$(git rev-parse HEAD) npx sst deploy`.
  environment: { SOURCE_COMMIT: process.env.AMINT_COMMIT ?? "unknown" },
});

/** Without `consumers`, no role is assumed in other accounts. */
const enter: Grant[] = factory.consumers ? [actAsConsumer] : [];

/** Lets a function invoke itself for remaining work; by name, because its ARN is unknown before it is created. */
const again = (name: string): Grant => ({
  actions: ["lambda:InvokeFunction"],
  resources: [arnOf("lambda", `function:${resourceName(name)}`)],
});

export const mirrorChannel = asyncFunction("channel/mirror-channel", {
  timeoutSeconds: 900,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "BatchWriteItem", "DeleteItem"],
  putsEvents: true,
  grants: [...enter, again("mirror-channel"), ...prove, ...describeBuilds],
  invokesItself: true,
  environment: { MIRROR_CHANNEL_FUNCTION: resourceName("mirror-channel") },
});

const keys = factory.regions.map((region) => keyArn(region));

/** Lists the grants on the factory's keys. */
export const seeGrants: Grant = { actions: ["kms:ListGrants"], resources: keys };
export const keyArns = $resolve(keys).apply((arns) => arns.join(","));

export const keepGrants = asyncFunction("share/keep-grants", {
  timeoutSeconds: 900,
  ledger: ["Query", "PutItem", "DeleteItem"],
  putsEvents: true,
  grants: [...enter, again("keep-grants"), seeGrants, { actions: ["kms:RevokeGrant"], resources: keys }],
  invokesItself: true,
  environment: { KEEP_GRANTS_FUNCTION: resourceName("keep-grants"), KEY_ARNS: keyArns },
});
