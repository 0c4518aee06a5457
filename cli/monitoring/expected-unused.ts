/** Grants that a month without trouble does not use. `*` stands for any text; the first that fits gives its reason. */
export interface ExpectedUnused {
  /** The role's name after `amint-<factory>-`. */
  readonly role: string;
  /** An action, or an AWS managed policy's ARN. */
  readonly action: string;
  readonly resource?: string;
  readonly reason: string;
  /** Nothing can use it on the embedded AWS, trouble or not. */
  readonly never?: true;
}

const undoing = "takes back a channel that had moved; the month's failed promotion had moved none";
const repairing = "repairs what was lost; a month that loses nothing needs no repair";

const putAgain = "puts a parameter again whose check by Parameter Store failed; none does in the month";
const expiring = "ends a wait for people whose time is over; somebody answers in the month";
const emptying = "a channel that has no good build left points at nothing; each has one in the month";
const meanwhile = "somebody revokes or restores a build at the very moment in which another one moves it; nobody does";
const bySlack = "moves a channel back for somebody in Slack; in the month that is done by command";
const sharedAgain = "shares the older build again where somebody took it from consumers; nobody does in the month";
const shareChanged = "puts a resource share right that somebody changed; nobody does in the month";
const goesOn = "goes on where there are more than 300 accounts; the month's organization has fourteen";
const replaced = "removes versions of recipes and components that were replaced; nobody deploys in the month";
const noParent = "no image is made from the channel that goes back in the month";
const leftRunning = "terminates instances that outlived their builds; none does in the month";
const monthsFirst = "tells on a month's first who runs what; on the one of the month no build is there yet";
const pulledForTests = "lets a test instance pull the image that was pushed; those of the embedded AWS pull none";
const noAgent = "what the agent of Systems Manager calls; simulated instances run none";
const refusedThere = "remembers and says what an account refuses; the month's have the role";

export const expectedUnused: readonly ExpectedUnused[] = [
  { role: "*", action: "xray:*", reason: "traces: the embedded AWS has no X-Ray", never: true },
  {
    role: "*",
    action: "*/AWSLambdaBasicExecutionRole",
    reason: "lets the function log; it does not run in the month",
  },
  { role: "*build-instance", action: "ssm:*", reason: noAgent, never: true },
  { role: "*build-instance", action: "ssmmessages:*", reason: noAgent, never: true },
  { role: "*build-instance", action: "ec2messages:*", reason: noAgent, never: true },
  {
    role: "*build-instance",
    action: "kms:Decrypt",
    reason: "uploads in parts need it, which a manifest is only when it is very large",
    never: true,
  },
  {
    role: "container-build-instance",
    action: "ecr:GetDownloadUrlForLayer",
    resource: "*/builds",
    reason: pulledForTests,
    never: true,
  },
  {
    role: "container-build-instance",
    action: "ecr:GetDownloadUrlForLayer",
    resource: "*:repository/image-builder-image-scanning-repository",
    reason: pulledForTests,
    never: true,
  },
  {
    role: "*",
    action: "sqs:SendMessage",
    resource: "*-dead-letters",
    reason: "parks what could not be handled or delivered; nothing of the kind happens in the month",
  },
  {
    role: "clean-up",
    action: "ec2:*",
    resource: "*:us-east-1::*",
    reason: "the month's one leftover is of a build that its gate rejected: there are no copies of it",
  },
  {
    role: "clean-up",
    action: "ec2:DisableImageDeregistrationProtection",
    reason: "of AMIs that were to be shared when their promotion failed; the month's is promoted again",
  },
  { role: "clean-up", action: "imagebuilder:DeleteImageRecipe", reason: replaced },
  { role: "clean-up", action: "imagebuilder:DeleteContainerRecipe", reason: replaced },
  { role: "clean-up", action: "imagebuilder:DeleteComponent", reason: replaced },
  { role: "clean-up", action: "ec2:TerminateInstances", reason: leftRunning },
  {
    role: "watch-packages",
    action: "s3:ListBucket",
    reason: "tells evidence that is not there yet from a forbidden one; none is looked for too early in the month",
  },
  {
    role: "move-channel",
    action: "events:PutEvents",
    reason: "says that a newer build was there first; no promotion is overtaken in the month",
  },
  {
    role: "notify",
    action: "s3:ListBucket",
    reason: "tells evidence that is gone from a forbidden one; the month keeps all of it",
  },
  {
    role: "notify",
    action: "dynamodb:DeleteItem",
    reason: "forgets an event whose handling failed, so that its retry is no repetition; none fails in the month",
  },
  { role: "move-channel", action: "dynamodb:DeleteItem", reason: meanwhile },
  { role: "move-channel", action: "ssm:DeleteParameter", reason: meanwhile },
  { role: "move-channel", action: "ssm:GetParameter", reason: meanwhile },
  { role: "roll-back", action: "dynamodb:DeleteItem", reason: meanwhile },
  { role: "roll-back", action: "ssm:DeleteParameter", reason: meanwhile },
  { role: "roll-back", action: "ec2:ModifyImageAttribute", reason: sharedAgain },
  { role: "roll-back", action: "ssm:*Parameter", resource: "*/amint-parents/*", reason: noParent },
  { role: "roll-back", action: "ssm:GetParameter", resource: "*:parameter/aws/service/*", reason: meanwhile },
  { role: "revoke-build", action: "ssm:DeleteParameter", reason: emptying },
  { role: "revoke-build", action: "ssm:GetParameter", reason: emptying },
  { role: "revoke-build", action: "ec2:ModifyImageAttribute", reason: sharedAgain },
  { role: "revoke-build", action: "ec2:EnableImage", reason: meanwhile },
  { role: "retire", action: "*", reason: "takes away builds that nobody uses; a month's are too young" },
  { role: "tell-fleet", action: "ec2:*", reason: monthsFirst },
  { role: "tell-fleet", action: "events:PutEvents", reason: monthsFirst },
  { role: "restore-build", action: "*", reason: "gives a revoked build back; nobody does in the month" },
  { role: "roll-back-from-slack", action: "*", reason: bySlack },
  { role: "answer-slack", action: "lambda:InvokeFunction", resource: "*-roll-back-from-slack", reason: bySlack },
  {
    role: "answer-approval",
    action: "*",
    reason: "takes the answers of `amint approve` and `amint reject`; in the month people answer in Slack",
  },
  {
    role: "check-promotion",
    action: "events:PutEvents",
    reason: "says that a newer build takes its place after a soak; in the month that happens while people are asked",
  },
  { role: "promotion", action: "lambda:InvokeFunction", resource: "*-expire-approval", reason: expiring },
  { role: "expire-approval", action: "*", reason: expiring },
  { role: "undo-promotion", action: "*", reason: undoing },
  { role: "reconcile", action: "dynamodb:*Item", reason: repairing },
  { role: "reconcile", action: "lambda:InvokeFunction", reason: repairing },
  { role: "reconcile", action: "states:DescribeExecution", reason: repairing },
  { role: "reconcile", action: "ssm:PutParameter", reason: repairing },
  { role: "reconcile", action: "ssm:DeleteParameter", reason: repairing },
  { role: "reconcile", action: "ssm:GetParameter", reason: repairing },
  { role: "reconcile", action: "ec2:ModifyImageAttribute", reason: repairing },
  { role: "reconcile", action: "ec2:DescribeImages", reason: repairing },
  { role: "confirm-channel", action: "ssm:PutParameter", reason: putAgain },
  { role: "confirm-channel", action: "ssm:DeleteParameter", reason: putAgain },
  { role: "confirm-channel", action: "ssm:GetParameter", resource: "*:parameter/aws/service/*", reason: putAgain },
  { role: "confirm-channel", action: "ec2:DescribeImages", reason: putAgain },
  {
    role: "record-build",
    action: "imagebuilder:ListWorkflowExecutions",
    reason: "finds the step at which a build failed; of this image none fails in the month",
  },
  { role: "share-image", action: "ec2:DetachImageWatermark", reason: meanwhile },
  { role: "roll-back", action: "ec2:DetachImageWatermark", reason: meanwhile },
  { role: "share-parameter", action: "ram:*ssociateResourceShare", reason: shareChanged },
  { role: "reconcile", action: "ram:CreateResourceShare", reason: shareChanged },
  { role: "reconcile", action: "ram:*ssociateResourceShare", reason: shareChanged },
  { role: "reconcile", action: "ssm:*ResourcePolic*", reason: shareChanged },
  { role: "watch-exposure", action: "lambda:InvokeFunction", reason: goesOn },
  {
    role: "watch-exposure",
    action: "s3:ListBucket",
    reason: "tells evidence that was removed from a forbidden one; the month keeps all of it",
  },
  {
    role: "roll-out",
    action: "states:StartExecution",
    reason:
      "begins a roll-out where the channel moved during another one, or goes on after 2,500 turns; neither happens",
  },
  { role: "keep-grants", action: "lambda:InvokeFunction", reason: goesOn },
  { role: "keep-grants", action: "events:PutEvents", reason: refusedThere },
  { role: "mirror-channel", action: "events:PutEvents", reason: refusedThere },
  {
    role: "keep-grants",
    action: "kms:RevokeGrant",
    reason: "takes grants of accounts that left; none does in the month",
  },
  {
    role: "mirror-channel",
    action: "dynamodb:DeleteItem",
    reason: "forgets accounts that a channel reaches no more; none leaves in the month",
  },
  {
    role: "consumer",
    action: "ssm:DeleteParameter",
    reason:
      "takes the copy of a channel that reaches the account no more, or points at nothing; neither is in the month",
  },
  {
    role: "follow-organization",
    action: "ec2:*ImageAttribute",
    reason: "follows shares with exceptions or tags; EC2 itself follows the example factory's",
  },
  {
    role: "follow-organization",
    action: "events:PutEvents",
    reason: "tells what it followed; EC2 itself follows the example factory's shares",
  },
  { role: "reconcile", action: "states:StartExecution", reason: "takes builds to regions that were behind; none is" },
  {
    role: "verify-parameter",
    action: "events:PutEvents",
    reason: "tells of consumers who cannot read a channel's parameter; all can in the month",
  },
  {
    role: "consumer",
    action: "ec2:GetAllowedImagesSettings",
    reason: "asked where an AMI cannot be seen: whether the account's own settings hide it; none do in the month",
  },
  {
    role: "consumer",
    action: "ec2:RunInstances",
    resource: "*:security-group/*",
    reason:
      "AWS's example policies for launches name it; the embedded AWS asks only where a launch names a security group",
  },
];
