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
    reason: "empties a channel that went back to a build which was revoked in that very moment; none is here",
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
    reason: "undoes a retirement; a month's builds are too young, and test/retirement tries the role",
  },
  ...["RollBackRole", "RevokeBuildRole", "RestoreBuildRole"].map((holder) => ({
    holder,
    actions: ["ecr:DescribeImages", "ecr:BatchDeleteImage", ...copying],
    reason: "takes container images back; only AMIs are here, and test/containers/deployed.test.ts has the grants",
  })),
  {
    holder: "UndoPromotionRole",
    actions: ["ecr:DescribeImages", "ecr:BatchDeleteImage", ...copying],
    reason: "undoes a container image's promotion; none fails here, and test/containers/way tries the role",
  },
  {
    holder: "ReconcileRole",
    actions: ["ecr:BatchDeleteImage", ...copying],
    reason: "repairs channels of container images; none is changed here, and test/containers/repair tries the role",
  },
  {
    holder: "ReconcileRole",
    resources: ["*/builds"],
    actions: ["ecr:DescribeImages"],
    reason: "copies a container image into its channel again; all are there, and test/containers/repair tries the role",
  },
  {
    holder: "ReconcileRole",
    actions: ["ec2:AttachImageWatermark", "ec2:DetachImageWatermark"],
    reason: "attaches a watermark that was detached by hand; none is here, and drift-events.test.ts has the role",
  },
  {
    holder: "RetireRole",
    actions: ["ecr:BatchDeleteImage", ...copying],
    reason: "retires container images; a month's are too young, and test/containers/retire tries the role",
  },
  {
    holder: "RetireRole",
    resources: ["*/candidate", "*/stable"],
    actions: ["ecr:DescribeImages"],
    reason: "takes container images from channels; a month's are too young, and test/containers/retire tries the role",
  },
  {
    holder: "CleanUpRole",
    actions: ["ecr:BatchDeleteImage", "ecr:DescribeImages"],
    reason: "deletes leftover container images; none is here, and test/containers/clean-up tries the role",
  },
  {
    holder: "CleanUpRole",
    actions: ["ec2:DisableImageDeregistrationProtection"],
    reason:
      "takes the protection from leftover AMIs that were prepared for sharing; none is here, and test/retirement/clean-up tries it without the role",
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
      "removes replaced versions and instances that outlived their builds; none is here, and test/retirement tries the role",
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
      "speaks on a month's first of builds that are there; none is here, and test/fleet/tell-fleet tries the role",
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
    reason: "takes builds away; a month's builds are too young, and test/retirement tries the role",
  },
  {
    holder: "VerifyParameterRole",
    actions: ["events:PutEvents"],
    reason: "reports consumers that cannot read a channel's parameter, which was just shared; all can here",
  },
  {
    holder: "ConfirmChannelRole",
    actions: ["ssm:PutParameter", "ssm:DeleteParameter", "ec2:DescribeImages", "imagebuilder:GetImage"],
    reason: "puts a parameter again whose check by Parameter Store failed; none fails here",
  },
  {
    holder: "ConfirmChannelRole",
    resources: ["*/builds"],
    actions: ["ecr:DescribeImages"],
    reason: "puts a parameter again whose check by Parameter Store failed; none fails here",
  },
  {
    holder: "ConfirmChannelRole",
    actions: ["ecr:BatchGetImage", "ecr:PutImage"],
    reason:
      "moves a channel's tag again that is wrong minutes after the move; none is here, and no test has the role then",
  },
  {
    holder: "ReconcileRole",
    actions: ["states:StartExecution"],
    reason: "brings up regions that a channel left behind; all channels here want all of their regions",
  },
  {
    holder: "UndoPromotionRole",
    actions: ["ec2:DescribeImageAttribute"],
    reason: "shares anew the build to go back to, where the one before was revoked meanwhile; none is here",
  },
  {
    holder: "UndoPromotionRole",
    actions: ["ec2:AttachImageWatermark"],
    reason: "shares anew the build to go back to, where the one before was revoked meanwhile; none is here",
  },
  {
    holder: "ShareImageRole",
    actions: ["ec2:DetachImageWatermark"],
    reason: "takes a mark back where the build was revoked in the very moment in which it was shared; none is here",
  },
  {
    holder: "RollBackRole",
    actions: ["ec2:DetachImageWatermark"],
    reason: "takes a mark back where the build was revoked in the very moment in which it was shared; none is here",
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
    reason: "says in which accounts it does not succeed, twice in a row; there is none here",
  },
  {
    holder: "KeepGrantsRole",
    actions: ["events:PutEvents"],
    reason: "says in which accounts it did not succeed for long; there is none here",
  },
  {
    holder: "KeepGrantsRole",
    actions: ["lambda:InvokeFunction", "kms:RevokeGrant"],
    reason: "goes on where there are more than 300 accounts, and takes grants of those that left; neither is here",
  },
  {
    holder: "WatchExposureRole",
    actions: ["lambda:InvokeFunction"],
    reason: "goes on where there are more than 300 accounts; there are fourteen here",
  },
  {
    holder: "WatchExposureRole",
    actions: ["s3:ListBucket"],
    reason: "tells evidence that was removed from a forbidden one; all is there while a clock runs",
  },
  {
    holder: "RollOutRole",
    actions: ["states:StartExecution"],
    reason:
      "begins the next roll-out where the channel moved while one was under way, and goes on after 2,500 turns; neither is here",
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
      "follows shares with exceptions or tags, account by account; none of the example's is so, and test/organization/follow-organization tries it without the role",
  },
];
