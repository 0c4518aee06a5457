import { unnoticedOfKeys } from "./unnoticed-of-keys.ts";
import { unnoticedOfParents } from "./unnoticed-of-parents.ts";

export interface Unnoticed {
  /** The resource's logical name; `*` stands for any text. */
  readonly holder: string;
  /** Position of the statement in the resource's policy, from 0; default: any statement of a role's policy with the action. */
  readonly statement?: number;
  /** Each resource in the statement matches one of these patterns; default: any resource. */
  readonly resources?: readonly string[];
  /** As the statement writes them. */
  readonly actions: readonly string[];
  readonly reason: string;
}

/** Actions that copy a container image between two repositories. */
const copying = [
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
  "ecr:BatchCheckLayerAvailability",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
];

/** Grants whose removal goes unnoticed here, with reasons; cli/monitoring/iam has those unusable on the embedded AWS. */
export const unnoticed: readonly Unnoticed[] = [
  ...unnoticedOfKeys,
  {
    holder: "MoveChannelRole",
    actions: ["dynamodb:DeleteItem", "ssm:DeleteParameter", "ssm:GetParameter"],
    reason: "empties a channel that was moved to a build just as it was revoked, which does not happen here",
  },
  {
    holder: "RollBackRole",
    actions: ["dynamodb:DeleteItem", "ssm:DeleteParameter"],
    reason: "empties a channel that rolled back to a build revoked at that moment; not in the scenarios",
  },
  ...unnoticedOfParents,
  {
    holder: "RevokeBuildRole",
    actions: ["ec2:EnableImage"],
    reason: "shares AMIs again if the build was restored while it was being revoked, which does not happen here",
  },
  {
    holder: "RestoreBuildRole",
    actions: ["ec2:DisableImage"],
    reason: "unshares AMIs again if the build was revoked while it was being restored, which does not happen here",
  },
  {
    holder: "RestoreBuildRole",
    actions: [
      "ec2:EnableImageDeprecation",
      "ec2:DisableImageDeprecation",
      "ec2:ListImagesInRecycleBin",
      "ec2:ListSnapshotsInRecycleBin",
      "ec2:RestoreImageFromRecycleBin",
      "ec2:RestoreSnapshotFromRecycleBin",
    ],
    reason: "undoes a retirement; a month's builds are too young; test/retirement tries the role",
  },
  ...["RollBackRole", "RevokeBuildRole", "RestoreBuildRole"].map((holder) => ({
    holder,
    actions: ["ecr:DescribeImages", "ecr:BatchDeleteImage", ...copying],
    reason:
      "undoes container images' moves; the scenarios have only AMIs; test/containers/deployed.test.ts has the grants",
  })),
  {
    holder: "UndoPromotionRole",
    actions: ["ecr:DescribeImages", "ecr:BatchDeleteImage", ...copying],
    reason: "undoes a container image's promotion; none fails here; test/containers/way tries the role",
  },
  {
    holder: "ReconcileRole",
    actions: ["ecr:BatchDeleteImage", ...copying],
    reason: "repairs channels of container images; none is changed here; test/containers/repair tries the role",
  },
  {
    holder: "ReconcileRole",
    resources: ["*/builds"],
    actions: ["ecr:DescribeImages"],
    reason:
      "copies a container image into its channel again; none is missing here; test/containers/repair tries the role",
  },
  {
    holder: "ReconcileRole",
    actions: ["ec2:AttachImageWatermark", "ec2:DetachImageWatermark"],
    reason: "attaches a watermark that was detached by hand; not in the scenarios; drift-events.test.ts tries the role",
  },
  {
    holder: "RetireRole",
    actions: ["ecr:BatchDeleteImage", ...copying],
    reason: "retires container images; a month's are too young; test/containers/retire tries the role",
  },
  {
    holder: "RetireRole",
    resources: ["*/candidate", "*/stable"],
    actions: ["ecr:DescribeImages"],
    reason: "takes container images from channels; a month's are too young; test/containers/retire tries the role",
  },
  {
    holder: "CleanUpRole",
    actions: ["ecr:BatchDeleteImage", "ecr:DescribeImages"],
    reason: "deletes leftover container images; not in the scenarios; test/containers/clean-up tries the role",
  },
  {
    holder: "CleanUpRole",
    actions: ["ec2:DisableImageDeregistrationProtection"],
    reason:
      "removes the deregistration protection of leftover AMIs that were prepared for sharing; not in the scenarios; test/retirement/clean-up tries it without the role",
  },
  ...["MoveChannelRole", "ConfirmChannelRole", "ShareImageRole"].map((holder) => ({
    holder,
    actions: ["ecr:BatchDeleteImage"],
    reason: "unshares what was revoked concurrently, which does not happen here",
  })),
  ...["CleanUpSchedulerRole", "RetireSchedulerRole", "TellFleetSchedulerRole"].map((holder) => ({
    holder,
    actions: ["sqs:SendMessage"],
    reason: "parks a daily look that finds no function; the days of trouble end before the next one",
  })),
  {
    holder: "CleanUpRole",
    actions: [
      "imagebuilder:DeleteImageRecipe",
      "imagebuilder:DeleteContainerRecipe",
      "imagebuilder:DeleteComponent",
      "ec2:TerminateInstances",
    ],
    reason:
      "removes replaced versions and instances that outlived their builds; not in the scenarios; test/retirement tries the role",
  },
  {
    holder: "TellFleetRole",
    actions: [
      "events:PutEvents",
      "ec2:DescribeImages",
      "ec2:DescribeSnapshots",
      "ec2:CreateImageUsageReport",
      "ec2:DescribeImageUsageReports",
      "ec2:DescribeImageUsageReportEntries",
    ],
    reason:
      "reports existing builds on the first of a month; not in the scenarios; test/fleet/tell-fleet tries the role",
  },
  {
    holder: "RetireRole",
    actions: [
      "dynamodb:PutItem",
      "dynamodb:DeleteItem",
      "events:PutEvents",
      "ec2:DescribeSnapshots",
      "ec2:DescribeImageAttribute",
      "ec2:ModifyImageAttribute",
      "ec2:AttachImageWatermark",
      "ec2:DetachImageWatermark",
      "ec2:GetImageAncestry",
      "ec2:CreateImageUsageReport",
      "ec2:DescribeImageUsageReports",
      "ec2:DescribeImageUsageReportEntries",
      "ec2:DescribeImageReferences",
      "ec2:DescribeInstances",
      "ec2:DescribeLaunchTemplates",
      "ec2:DescribeLaunchTemplateVersions",
      "ssm:DescribeParameters",
      "ssm:GetParameters",
      "imagebuilder:GetImage",
      "imagebuilder:ListImageRecipes",
      "imagebuilder:ListContainerRecipes",
      "imagebuilder:GetContainerRecipe",
      "ec2:EnableImageDeprecation",
      "ec2:DisableImage",
      "ec2:EnableImage",
      "ec2:DeregisterImage",
      "ec2:DisableImageDeregistrationProtection",
      "ec2:DeleteSnapshot",
    ],
    reason: "retires builds; a month's builds are too young; test/retirement tries the role",
  },
  {
    holder: "VerifyParameterRole",
    actions: ["events:PutEvents"],
    reason: "reports consumers that cannot read a channel's parameter, which was just shared; all can here",
  },
  {
    holder: "ConfirmChannelRole",
    actions: ["ssm:PutParameter", "ssm:DeleteParameter", "ec2:DescribeImages", "imagebuilder:GetImage"],
    reason: "sets a parameter again after Parameter Store's validation failed; none fails here",
  },
  {
    holder: "ConfirmChannelRole",
    resources: ["*/builds"],
    actions: ["ecr:DescribeImages"],
    reason: "sets a parameter again after Parameter Store's validation failed; none fails here",
  },
  {
    holder: "ConfirmChannelRole",
    actions: ["ecr:BatchGetImage", "ecr:PutImage"],
    reason:
      "moves a channel's tag again if it is wrong minutes after the move; not in the scenarios; no test uses the role for it",
  },
  {
    holder: "ReconcileRole",
    actions: ["states:StartExecution"],
    reason: "updates regions that a channel left behind; all channels here require all of their regions",
  },
  {
    holder: "UndoPromotionRole",
    actions: ["ec2:DescribeImageAttribute"],
    reason: "shares the build to roll back to, if the one chosen before was revoked meanwhile; not in the scenarios",
  },
  {
    holder: "UndoPromotionRole",
    actions: ["ec2:AttachImageWatermark"],
    reason: "shares the build to roll back to, if the one chosen before was revoked meanwhile; not in the scenarios",
  },
  {
    holder: "ShareImageRole",
    actions: ["ec2:DetachImageWatermark"],
    reason: "removes a mark if the build was revoked while it was being shared; not in the scenarios",
  },
  {
    holder: "RollBackRole",
    actions: ["ec2:DetachImageWatermark"],
    reason: "removes a mark if the build was revoked while it was being shared; not in the scenarios",
  },
  {
    holder: "ShareParameterRole",
    actions: ["ram:AssociateResourceShare", "ram:DisassociateResourceShare"],
    reason:
      "corrects a share that the config or an operator changed since the last promotion, which does not happen here",
  },
  {
    holder: "ReconcileRole",
    actions: ["ram:CreateResourceShare", "ram:DisassociateResourceShare"],
    reason: "corrects a share that was deleted or extended, which does not happen here",
  },
  {
    holder: "MirrorChannelRole",
    actions: ["events:PutEvents"],
    reason: "reports accounts where it failed twice in a row; none fails here",
  },
  {
    holder: "KeepGrantsRole",
    actions: ["events:PutEvents"],
    reason: "reports accounts where it has failed for long; none fails here",
  },
  {
    holder: "KeepGrantsRole",
    actions: ["lambda:InvokeFunction", "kms:RevokeGrant"],
    reason: "continues with more than 300 accounts, and revokes grants of accounts that left; neither occurs here",
  },
  {
    holder: "WatchExposureRole",
    actions: ["lambda:InvokeFunction"],
    reason: "continues with more than 300 accounts; the organization here has fourteen",
  },
  {
    holder: "WatchExposureRole",
    actions: ["s3:ListBucket"],
    reason: "distinguishes removed evidence from denied access; all of it exists while a clock runs",
  },
  {
    holder: "RollOutRole",
    actions: ["states:StartExecution"],
    reason:
      "starts the next roll-out if the channel moved during one, and continues after 2,500 turns; neither occurs here",
  },
  {
    holder: "FollowOrganizationRole",
    actions: [
      "dynamodb:BatchGetItem",
      "events:PutEvents",
      "ec2:ModifyImageAttribute",
      "ec2:DescribeImageAttribute",
      "ec2:DescribeImages",
      "imagebuilder:GetImage",
    ],
    reason:
      "follows shares with exceptions or tags, account by account; none in the example does; test/organization/follow-organization tries it without the role",
  },
];
