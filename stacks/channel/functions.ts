import { parentChannels } from "../../core/channel/parents.ts";
import { channelParameterRoot, parentParameter } from "../../core/names.ts";
import { needsTree } from "../../core/share/resolve-share.ts";
import {
  copying,
  describeBuilds,
  emptyChannels,
  fillChannels,
  moveTags,
  united,
} from "../containers/container-grants.ts";
import { factory } from "../program/factory.ts";
import { arnOf, parameterArn, place } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { readEveryImage } from "../resources/image-builder-grants.ts";
import { syncFunction } from "../resources/lambda-function.ts";

/** AMIs and snapshots have no account in their ARNs. */
export const inEachRegion = (kind: string): string[] =>
  factory.regions.map((region) => `arn:${place.partition}:ec2:${region}::${kind}/*`);

/** The factory's AMIs have the tag from creation, through the recipe or the distribution. */
export const isOurs = { test: "StringEquals", variable: "aws:ResourceTag/amint:factory", values: [factory.name] };
export const onlyOurTags = {
  test: "ForAllValues:StringLike",
  variable: "aws:TagKeys",
  values: ["amint:*", ...Object.keys(factory.resourceTags)],
};

/**
 * Image Builder tags the snapshots that it creates, and AWS's role for lifecycle policies relies on this tag (managed
 * policy EC2ImageBuilderLifecycleExecutionPolicy). No role of the factory can write it.
 */
export const isMadeByImageBuilder = {
  test: "StringEquals",
  variable: "aws:ResourceTag/CreatedBy",
  values: ["EC2 Image Builder"],
};

export const changePermissions: Grant = {
  actions: ["ec2:ModifyImageAttribute"],
  resources: inEachRegion("image"),
  conditions: [isOurs],
};

/** The watermarks that identify a channel's AMIs for Allowed AMIs. */
export const mark: Grant = {
  actions: ["ec2:AttachImageWatermark"],
  resources: inEachRegion("image"),
  conditions: [isOurs],
};
export const unmark: Grant = {
  actions: ["ec2:DetachImageWatermark"],
  resources: inEachRegion("image"),
  conditions: [isOurs],
};

/** EC2's Describe actions on AMIs have no resource types (service authorization reference, "Amazon EC2"). */
export const describeImages: Grant = { actions: ["ec2:DescribeImages"], resources: ["*"] };

/** Calls that prove an artifact before it is shared or published (`functions/share/prove-artifact.ts`). */
export const prove: Grant[] = [describeImages, readEveryImage];

/** EC2's actions for usage reports have no resource types. */
export const readUsage: Grant = {
  actions: ["ec2:DescribeImageUsageReports", "ec2:DescribeImageUsageReportEntries"],
  resources: ["*"],
};

/** AWS does not document whether the action is authorized on the image or the report; the image is the likely one. */
export const askForUsage: Grant = {
  actions: ["ec2:CreateImageUsageReport"],
  resources: inEachRegion("image"),
  conditions: [isOurs],
};

/** An AMI's ancestors; the action has no resource type. */
export const readAncestry: Grant = { actions: ["ec2:GetImageAncestry"], resources: ["*"] };

export const readPermissions: Grant = { actions: ["ec2:DescribeImageAttribute"], resources: inEachRegion("image") };

/** Parameter Store looks up the AMI with the permissions of the caller of PutParameter. */
export const parameters = factory.regions.map((region) =>
  arnOf("ssm", `parameter${channelParameterRoot(factory.name)}/*`, region),
);

/** In the build region, the parameters that children's recipes start from. Never deleted: a recipe's parent must exist. */
export const parentParameters = parentChannels(factory).map(({ image, channel }) =>
  arnOf("ssm", `parameter${parentParameter(factory.name, image, channel)}`),
);

/**
 * A channel that points at nothing has no parameter; the function verifies the deletion. Its child images are then built
 * from the root's public AMI again.
 */
export const moveParameters: Grant[] = [
  { actions: ["ssm:PutParameter", "ssm:DeleteParameter", "ssm:GetParameter"], resources: parameters },
  ...(parentParameters.length > 0
    ? [
        { actions: ["ssm:PutParameter"], resources: parentParameters },
        {
          actions: ["ssm:GetParameter"],
          resources: [...new Set(parentChannels(factory).map(({ root }) => parameterArn(root)))],
        },
      ]
    : []),
];

/** For functions that check whether Parameter Store accepted a value. */
export const confirmParents: Grant[] =
  parentParameters.length > 0 ? [{ actions: ["ssm:GetParameter"], resources: parentParameters }] : [];

/** Whether a share has exceptions or tags, so that its accounts are read from the organization in the ledger. */
export const needsOrganization = Object.values(factory.images).some(({ channels }) =>
  channels.some(({ share }) => needsTree(share)),
);
export const toReadOrganization = needsOrganization ? (["Query"] as const) : [];

export const shareImage = syncFunction("share/share-image", {
  timeoutSeconds: copying(60),
  ledger: ["BatchGetItem", "PutItem", ...toReadOrganization],
  putsEvents: true,
  grants: [changePermissions, readPermissions, mark, unmark, ...prove, ...united(fillChannels, emptyChannels)],
});

export const moveChannel = syncFunction("channel/move-channel", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem"],
  putsEvents: true,
  grants: [...moveParameters, ...prove, ...united(moveTags, describeBuilds)],
});

export const confirmChannel = syncFunction("channel/confirm-channel", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "BatchGetItem"],
  putsEvents: true,
  grants: [...moveParameters, ...confirmParents, ...prove, ...united(moveTags, describeBuilds)],
});

export const undoPromotion = syncFunction("promotion/undo-promotion", {
  timeoutSeconds: copying(120),
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    ...[changePermissions, readPermissions, mark, unmark, ...moveParameters, ...prove],
    ...united(fillChannels, emptyChannels, moveTags),
  ],
});
