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

const undoing = "takes back a promotion that failed; none does in the month";
const repairing = "repairs what was lost; a month that loses nothing needs no repair";

export const expectedUnused: readonly ExpectedUnused[] = [
  { role: "*", action: "xray:*", reason: "traces: the embedded AWS has no X-Ray", never: true },
  {
    role: "*",
    action: "*/AWSLambdaBasicExecutionRole",
    reason: "logs: the embedded AWS keeps them without asking",
    never: true,
  },
  {
    role: "promotion",
    action: "logs:*",
    reason: "the state machine's logs: the embedded AWS has no log delivery",
    never: true,
  },
  {
    role: "build-instance",
    action: "arn:*:iam::aws:policy/*",
    reason: "what AWS asks for on build instances; simulated ones run no agent",
    never: true,
  },
  {
    role: "build-instance",
    action: "kms:Decrypt",
    reason: "uploads in parts need it, which a manifest is only when it is very large",
    never: true,
  },
  {
    role: "*",
    action: "sqs:SendMessage",
    resource: "*-dead-letters",
    reason: "parks what could not be handled or delivered; nothing of the kind happens in the month",
  },
  {
    role: "collect-evidence",
    action: "s3:ListBucket",
    reason: "tells a missing manifest from a forbidden one; no build of the month misses its manifest",
  },
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
    action: "dynamodb:DeleteItem",
    reason: "forgets an event whose handling failed, so that its retry is no repetition; none fails in the month",
  },
  { role: "promotion", action: "lambda:InvokeFunction", resource: "*-undo-promotion", reason: undoing },
  { role: "undo-promotion", action: "*", reason: undoing },
  { role: "reconcile", action: "dynamodb:*Item", reason: repairing },
  { role: "reconcile", action: "events:PutEvents", reason: repairing },
  { role: "reconcile", action: "lambda:InvokeFunction", reason: repairing },
  {
    role: "record-build",
    action: "dynamodb:PutItem",
    reason: "records a build that somebody started beside the factory; nobody does in the month",
  },
  {
    role: "record-build",
    action: "imagebuilder:ListWorkflowExecutions",
    reason: "finds the step at which a build failed; of this image none fails in the month",
  },
];
