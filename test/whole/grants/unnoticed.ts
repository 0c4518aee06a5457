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

/** By holders, or one statement of a holder, and by reason: actions, possibly only those `on` resources. */
const reasons: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>> = {
  "ImageKey* statement 0": {
    "administrators of the key use it; neither the deployment nor the factory does": [
      "kms:CancelKeyDeletion kms:Delete* kms:Disable* kms:Encrypt kms:RetireGrant kms:Revoke*",
      "kms:RotateKeyOnDemand kms:ScheduleKeyDeletion kms:TagResource kms:UntagResource kms:Update*",
    ],
  },
  "ImageKeyEuWest1 statement 0": { "all keys have one policy; in the month the other region's is changed": "kms:Put*" },
  "ImageKeyUsEast1 statement 4": {
    "all keys have one policy; topic and alarms are in the build region": "kms:Decrypt kms:GenerateDataKey*",
  },
  "SlackKey statement 0": {
    "administrators of the key use it; neither the deployment nor the factory does": [
      "kms:CancelKeyDeletion kms:DeleteAlias kms:Disable* kms:Get* kms:List* kms:PutKeyPolicy",
      "kms:RotateKeyOnDemand kms:ScheduleKeyDeletion kms:TagResource kms:UntagResource kms:Update*",
    ],
  },
  RollBackFromSlackRole: {
    "updates the message that was clicked; the clicks here have none": [
      "kms:Decrypt on *SlackKey*",
      "ssm:GetParameter on *:parameter/amint-slack/*",
    ],
  },
  MoveChannelRole: {
    "empties a channel that was moved to a build just as it was revoked, which does not happen here":
      "dynamodb:DeleteItem ssm:DeleteParameter ssm:GetParameter",
  },
  RollBackRole: {
    "empties a channel that rolled back to a build revoked at that moment; not in the scenarios":
      "dynamodb:DeleteItem ssm:DeleteParameter",
    "moves parents' parameters; no image is built from the channel that is rolled back here":
      "ssm:GetParameter ssm:PutParameter on */amint-parents/*",
  },
  "ConfirmChannelRole ReconcileRole RevokeBuildRole RollBackRole UndoPromotionRole": {
    "sets a parent's parameter to the root's AMI if the channel is empty; no parent's channel is empty here":
      "ssm:GetParameter on arn:*:parameter/aws/service/*",
  },
  "ReconcileRole UndoPromotionRole": {
    "reverts or repairs parents' parameters, which are correct and unchanged here":
      "ssm:PutParameter on */amint-parents/*",
  },
  ReconcileRole: {
    "checks whether Parameter Store accepted a repaired value; parents' parameters are correct here":
      "ssm:GetParameter on */amint-parents/*",
    "repairs channels of container images; none is changed here; test/containers/repair tries the role": [
      "ecr:BatchDeleteImage ecr:BatchGetImage ecr:GetDownloadUrlForLayer ecr:BatchCheckLayerAvailability",
      "ecr:InitiateLayerUpload ecr:UploadLayerPart ecr:CompleteLayerUpload ecr:PutImage",
    ],
    "copies a container image into its channel again; none is missing here; test/containers/repair tries the role":
      "ecr:DescribeImages on */builds",
    "attaches a watermark that was detached by hand; not in the scenarios; drift-events.test.ts tries the role":
      "ec2:AttachImageWatermark ec2:DetachImageWatermark",
    "updates regions that a channel left behind; all channels here require all of their regions":
      "states:StartExecution",
    "corrects a share that was deleted or extended, which does not happen here":
      "ram:CreateResourceShare ram:DisassociateResourceShare",
  },
  RevokeBuildRole: {
    "shares AMIs again if the build was restored while it was being revoked, which does not happen here":
      "ec2:EnableImage",
  },
  RestoreBuildRole: {
    "unshares AMIs again if the build was revoked while it was being restored, which does not happen here":
      "ec2:DisableImage",
    "undoes a retirement; a month's builds are too young; test/retirement tries the role": [
      "ec2:EnableImageDeprecation ec2:DisableImageDeprecation ec2:ListImagesInRecycleBin",
      "ec2:ListSnapshotsInRecycleBin ec2:RestoreImageFromRecycleBin ec2:RestoreSnapshotFromRecycleBin",
    ],
  },
  "RollBackRole RevokeBuildRole RestoreBuildRole": {
    "undoes container images' moves; the scenarios have only AMIs; test/containers/deployed.test.ts has the grants": [
      "ecr:DescribeImages ecr:BatchDeleteImage ecr:BatchGetImage ecr:GetDownloadUrlForLayer",
      "ecr:BatchCheckLayerAvailability ecr:InitiateLayerUpload ecr:UploadLayerPart ecr:CompleteLayerUpload",
      "ecr:PutImage",
    ],
  },
  UndoPromotionRole: {
    "undoes a container image's promotion; none fails here; test/containers/way tries the role": [
      "ecr:DescribeImages ecr:BatchDeleteImage ecr:BatchGetImage ecr:GetDownloadUrlForLayer",
      "ecr:BatchCheckLayerAvailability ecr:InitiateLayerUpload ecr:UploadLayerPart ecr:CompleteLayerUpload",
      "ecr:PutImage",
    ],
    "shares the build to roll back to, if the one chosen before was revoked meanwhile; not in the scenarios": [
      "ec2:DescribeImageAttribute",
      "ec2:AttachImageWatermark",
    ],
  },
  RetireRole: {
    "retires container images; a month's are too young; test/containers/retire tries the role": [
      "ecr:BatchDeleteImage ecr:BatchGetImage ecr:GetDownloadUrlForLayer ecr:BatchCheckLayerAvailability",
      "ecr:InitiateLayerUpload ecr:UploadLayerPart ecr:CompleteLayerUpload ecr:PutImage",
    ],
    "takes container images from channels; a month's are too young; test/containers/retire tries the role":
      "ecr:DescribeImages on */candidate */stable",
    "retires builds; a month's builds are too young; test/retirement tries the role": [
      "dynamodb:PutItem dynamodb:DeleteItem events:PutEvents ec2:DescribeSnapshots ec2:DescribeImageAttribute",
      "ec2:ModifyImageAttribute ec2:AttachImageWatermark ec2:DetachImageWatermark ec2:GetImageAncestry",
      "ec2:CreateImageUsageReport ec2:DescribeImageUsageReports ec2:DescribeImageUsageReportEntries",
      "ec2:DescribeImageReferences ec2:DescribeInstances ec2:DescribeLaunchTemplates",
      "ec2:DescribeLaunchTemplateVersions ssm:DescribeParameters ssm:GetParameters imagebuilder:GetImage",
      "imagebuilder:ListImageRecipes imagebuilder:ListContainerRecipes imagebuilder:GetContainerRecipe",
      "ec2:EnableImageDeprecation ec2:DisableImage ec2:EnableImage ec2:DeregisterImage",
      "ec2:DisableImageDeregistrationProtection ec2:DeleteSnapshot",
    ],
  },
  CleanUpRole: {
    "deletes leftover container images; not in the scenarios; test/containers/clean-up tries the role":
      "ecr:BatchDeleteImage ecr:DescribeImages",
    "removes the deregistration protection of leftover AMIs that were prepared for sharing; not in the scenarios; test/retirement/clean-up tries it without the role":
      "ec2:DisableImageDeregistrationProtection",
    "removes replaced versions and instances that outlived their builds; not in the scenarios; test/retirement tries the role":
      [
        "imagebuilder:DeleteImageRecipe imagebuilder:DeleteContainerRecipe imagebuilder:DeleteComponent",
        "imagebuilder:ListComponentBuildVersions",
        "ec2:TerminateInstances",
      ],
  },
  "MoveChannelRole ConfirmChannelRole ShareImageRole": {
    "unshares what was revoked concurrently, which does not happen here": "ecr:BatchDeleteImage",
  },
  "CleanUpSchedulerRole RetireSchedulerRole TellFleetSchedulerRole": {
    "parks a daily look that finds no function; the days of trouble end before the next one": "sqs:SendMessage",
  },
  TellFleetRole: {
    "reports existing builds on the first of a month; not in the scenarios; test/fleet/publish-fleet tries the role": [
      "events:PutEvents ec2:DescribeImages ec2:DescribeSnapshots ec2:CreateImageUsageReport",
      "ec2:DescribeImageUsageReports ec2:DescribeImageUsageReportEntries",
    ],
  },
  VerifyParameterRole: {
    "reports consumers that cannot read a channel's parameter, which was just shared; all can here": "events:PutEvents",
  },
  ConfirmChannelRole: {
    "sets a parameter again after Parameter Store's validation failed; none fails here": [
      "ssm:PutParameter ssm:DeleteParameter ec2:DescribeImages imagebuilder:GetImage",
      "ecr:DescribeImages on */builds",
    ],
    "moves a channel's tag again if it is wrong minutes after the move; not in the scenarios; no test uses the role for it":
      "ecr:BatchGetImage ecr:PutImage",
  },
  "ShareImageRole RollBackRole": {
    "removes a mark if the build was revoked while it was being shared; not in the scenarios":
      "ec2:DetachImageWatermark",
  },
  ShareParameterRole: {
    "corrects a share that the config or an operator changed since the last promotion, which does not happen here":
      "ram:AssociateResourceShare ram:DisassociateResourceShare",
  },
  MirrorChannelRole: { "reports accounts where it failed twice in a row; none fails here": "events:PutEvents" },
  KeepGrantsRole: {
    "reports accounts where it has failed for long; none fails here": "events:PutEvents",
    "continues with more than 300 accounts, and revokes grants of accounts that left; neither occurs here":
      "lambda:InvokeFunction kms:RevokeGrant",
  },
  WatchExposureRole: {
    "continues with more than 300 accounts; the organization here has fourteen": "lambda:InvokeFunction",
  },
  WatchExposureSchedulerRole: {
    "parks a count that finds no function; no clock runs when the days of trouble delete functions": "sqs:SendMessage",
  },
  RollOutRole: {
    "starts the next roll-out if the channel moved during one, and continues after 2,500 turns; neither occurs here":
      "states:StartExecution",
  },
  FollowOrganizationRole: {
    "follows shares with exceptions or tags, account by account; none in the example does; test/organization/follow-organization tries it without the role":
      [
        "dynamodb:BatchGetItem events:PutEvents ec2:ModifyImageAttribute ec2:DescribeImageAttribute",
        "ec2:DescribeImages imagebuilder:GetImage",
      ],
  },
};

/** Grants whose removal goes unnoticed here, with reasons; cli/monitoring/iam has those unusable on the embedded AWS. */
export const unnoticed: readonly Unnoticed[] = Object.entries(reasons).flatMap(([held, about]) => {
  const [holders = "", statement] = held.split(" statement ");
  return Object.entries(about).flatMap(([reason, some]) =>
    [some].flat().flatMap((line) => {
      const [actions = "", on] = line.split(" on ");
      const grant = {
        ...(statement && { statement: Number(statement) }),
        ...(on && { resources: on.split(" ") }),
        actions: actions.split(" "),
        reason,
      };
      return holders.split(" ").map((holder) => ({ holder, ...grant }));
    }),
  );
});
