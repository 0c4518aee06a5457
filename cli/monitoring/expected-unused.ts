/** Grants that a month without failures does not use. `*` matches any text; the first matching entry gives the reason. */
export interface ExpectedUnused {
  /** The role's name after `amint-<factory>-`. */
  readonly role: string;
  /** An action, or an AWS managed policy's ARN. */
  readonly action: string;
  readonly resource?: string;
  readonly reason: string;
  /** Nothing can use it on the embedded AWS, even with failures. */
  readonly never?: true;
}

const undoing = "undoes a channel's move; the month's failed promotion had moved no channel";
const repairing = "repairs what was lost or changed by hand; nothing is in the month";
const putAgain = "publishes a channel again after its check failed; no check fails in the month";
const expiring = "ends an approval after its timeout; every request is answered in the month";
const emptying = "empties a channel without a good build; every channel has one in the month";
const meanwhile = "a build is revoked or restored while a channel moves to it; not in the month";
const bySlack = "rolls a channel back from Slack; the month does it by command";
const sharedAgain = "shares the earlier build again after it was unshared; not in the month";
const shareChanged = "corrects a resource share that was changed by hand; none is in the month";
const goesOn = "continues with more than 300 accounts; the month's organization has fourteen";
const replaced = "deletes replaced versions of recipes and components; the month has one deployment";
const noParent = "no image is built from the channel that is rolled back in the month";
const leftRunning = "terminates instances that outlived their builds; none does in the month";
const monthsFirst = "reports the fleet on the first of a month, when the example has no builds yet";
const pulledForTests = "a test instance pulls the built image; simulated instances do not";
const noAgent = "the Systems Manager agent calls it; simulated instances have none";
const refusedThere = "reports accounts that refuse; all of the month's have the role";
const containers = "moves a channel of a container image back; the month moves AMIs back";
const groupsBack = "stops or rolls back a group's refresh; the month's roll-outs only go forward";
const inTemplates = "launch templates can name or tag it; the month's do not";
const byEc2 = "follows shares with exceptions or tags; the example has none";

/** The same reason for several actions of several roles. */
const each = (
  roles: readonly string[],
  actions: readonly string[],
  reason: string,
  more: Pick<ExpectedUnused, "resource" | "never"> = {},
): ExpectedUnused[] => roles.flatMap((role) => actions.map((action) => ({ role, action, reason, ...more })));

export const expectedUnused: readonly ExpectedUnused[] = [
  ...each(["*"], ["xray:*"], "traces: the embedded AWS has no X-Ray", { never: true }),
  ...each(["*"], ["*/AWSLambdaBasicExecutionRole"], "logs of a function that does not run in the month"),
  ...each(["*"], ["sqs:SendMessage"], "parks events that fail or cannot be delivered; none does in the month", {
    resource: "*-dead-letters",
  }),

  // Builds.
  ...each(["*build-instance"], ["ssm:*", "ssmmessages:*", "ec2messages:*"], noAgent, { never: true }),
  ...each(["*build-instance"], ["kms:Decrypt"], "multipart uploads need it; a manifest is uploaded in one part", {
    never: true,
  }),
  ...each(["container-build-instance"], ["ecr:GetDownloadUrlForLayer"], pulledForTests, {
    resource: "*/builds",
    never: true,
  }),
  ...each(["container-build-instance"], ["ecr:GetDownloadUrlForLayer"], pulledForTests, {
    resource: "*:repository/image-builder-image-scanning-repository",
    never: true,
  }),
  ...each(
    ["record-build"],
    ["imagebuilder:ListWorkflowExecutions"],
    "finds the step at which a build failed; no build of this image fails in the month",
  ),
  ...each(
    ["record-build"],
    ["ec2:DetachImageWatermark"],
    "detaches inherited watermarks, in the build region only; the grant names all regions",
    {
      resource: "arn:*:ec2:us-east-1::image/*",
    },
  ),
  ...each(
    ["watch-packages"],
    ["s3:ListBucket"],
    "distinguishes missing evidence from denied access; none is missing in the month",
  ),

  // Promotions and channels.
  ...each(
    ["move-channel"],
    ["events:PutEvents"],
    "reports that a newer build was promoted first; none is in the month",
  ),
  ...each(["move-channel", "share-image"], ["ecr:BatchDeleteImage"], meanwhile),
  ...each(["move-channel"], ["dynamodb:DeleteItem", "ssm:DeleteParameter", "ssm:GetParameter"], meanwhile),
  ...each(["share-image", "roll-back"], ["ec2:DetachImageWatermark"], meanwhile),
  ...each(
    ["check-promotion"],
    ["events:PutEvents", "dynamodb:BatchGetItem"],
    "finds a newer build after a soak; in the month one arrives during an approval",
  ),
  ...each(["promotion"], ["lambda:InvokeFunction"], expiring, { resource: "*-expire-approval" }),
  ...each(["expire-approval"], ["*"], expiring),
  ...each(
    ["answer-approval"],
    ["*"],
    "answers of `amint approve` and `amint reject`; in the month approvers answer in Slack",
  ),
  ...each(["undo-promotion"], ["*"], undoing),
  ...each(
    ["confirm-channel"],
    ["ssm:PutParameter", "ssm:DeleteParameter", "ec2:DescribeImages", "imagebuilder:GetImage", "ecr:*"],
    putAgain,
  ),
  ...each(["confirm-channel"], ["ssm:GetParameter"], putAgain, { resource: "*:parameter/aws/service/*" }),
  ...each(
    ["verify-parameter"],
    ["events:PutEvents"],
    "reports consumers that cannot read a channel's parameter; all can in the month",
  ),
  ...each(["share-parameter"], ["ram:*ssociateResourceShare"], shareChanged),

  // Rollback, revocation, retirement.
  ...each(["roll-back"], ["dynamodb:DeleteItem", "ssm:DeleteParameter"], meanwhile),
  ...each(["roll-back"], ["ssm:GetParameter"], meanwhile, { resource: "*:parameter/aws/service/*" }),
  ...each(["roll-back"], ["ssm:*Parameter"], noParent, { resource: "*/amint-parents/*" }),
  ...each(["roll-back", "revoke-build"], ["ec2:ModifyImageAttribute"], sharedAgain),
  ...each(["roll-back", "revoke-build"], ["ecr:*"], containers),
  ...each(["revoke-build"], ["ssm:DeleteParameter", "ssm:GetParameter"], emptying),
  ...each(["revoke-build"], ["ec2:EnableImage"], meanwhile),
  ...each(["restore-build"], ["*"], "restores a revoked or retired build; not in the month"),
  ...each(["roll-back-from-slack"], ["*"], bySlack),
  ...each(["answer-slack"], ["lambda:InvokeFunction"], bySlack, { resource: "*-roll-back-from-slack" }),
  ...each(["retire"], ["*"], "retires unused builds; the month's are too young"),
  ...each(
    ["clean-up"],
    ["ec2:*"],
    "removes copies of failed builds; the month's one leftover was rejected before it was copied",
    { resource: "*:us-east-1::*" },
  ),
  ...each(
    ["clean-up"],
    ["ec2:DisableImageDeregistrationProtection"],
    "removes AMIs whose promotion failed; the month's is promoted again",
  ),
  ...each(
    ["clean-up"],
    [
      "imagebuilder:DeleteImageRecipe",
      "imagebuilder:DeleteContainerRecipe",
      "imagebuilder:DeleteComponent",
      "imagebuilder:ListComponentBuildVersions",
    ],
    replaced,
  ),
  ...each(["clean-up"], ["ec2:TerminateInstances"], leftRunning),
  ...each(["clean-up"], ["ecr:*"], "removes container images of failed builds; no container build fails in the month"),

  // Repair.
  ...each(
    ["reconcile"],
    ["lambda:InvokeFunction", "ssm:*Parameter", "ec2:*", "ecr:*", "states:DescribeExecution"],
    repairing,
  ),
  ...each(["reconcile"], ["states:StartExecution"], "promotes to regions that were left behind; none is in the month"),
  ...each(["reconcile"], ["ram:*", "ssm:*ResourcePolic*"], shareChanged),

  // Notices.
  ...each(
    ["notify", "watch-exposure"],
    ["s3:ListBucket"],
    "distinguishes removed evidence from denied access; the month keeps all of it",
  ),
  ...each(["notify"], ["dynamodb:DeleteItem"], "lets a failed event be handled again; none fails in the month"),
  ...each(["tell-fleet"], ["ec2:*", "events:PutEvents"], monthsFirst),

  // Organization and consumer accounts.
  ...each(["watch-exposure", "keep-grants"], ["lambda:InvokeFunction"], goesOn),
  ...each(["keep-grants", "mirror-channel"], ["events:PutEvents"], refusedThere),
  ...each(["keep-grants"], ["kms:RevokeGrant"], "revokes grants of accounts that left; none leaves in the month"),
  ...each(["mirror-channel"], ["dynamodb:DeleteItem"], "forgets accounts that left; none leaves in the month"),
  ...each(
    ["follow-organization"],
    ["ec2:*Image*", "imagebuilder:GetImage", "dynamodb:BatchGetItem", "events:PutEvents"],
    byEc2,
  ),
  ...each(
    ["consumer"],
    ["ssm:DeleteParameter"],
    "deletes the copy of an emptied channel; no channel is empty in the month",
  ),
  ...each(
    ["consumer"],
    ["ec2:GetAllowedImagesSettings"],
    "finds out why an AMI is hidden in an account; none is in the month",
  ),
  ...each(
    ["consumer"],
    ["ec2:RunInstances"],
    "AWS's example policies name it; the embedded AWS checks it only if a launch names a security group",
    {
      resource: "*:security-group/*",
    },
  ),

  // Roll-outs.
  ...each(
    ["roll-out"],
    ["states:StartExecution"],
    "starts the next roll-out if the channel moved meanwhile, or after 2,500 turns; neither happens",
  ),
  ...each(["rollout"], ["autoscaling:CancelInstanceRefresh", "autoscaling:RollbackInstanceRefresh"], groupsBack),
  ...each(
    ["rollout"],
    ["ssm:GetParameters"],
    "Auto Scaling needs it for templates that name a parameter; the embedded one does not check it",
  ),
  ...each(["rollout"], ["ec2:RunInstances", "ec2:CreateTags"], inTemplates),
];
