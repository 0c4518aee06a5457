import {
  LEFT_BEHIND,
  lambdaTask,
  leaveRegionBehind,
  regionBehind,
  type State,
  type TaskFunction,
  undoOnFailure,
} from "./lambda-task.ts";

const LOOK_EVERY_SECONDS = 300;

/** Image Builder's limit for a distribution is 720 minutes; half an hour later the region counts as failed. */
const MOST_LOOKS = 150;

/** Attempts to copy to one region. Few, because the other regions wait; `reconcile` retries later. */
const MOST_COPIES = 3;

/** Most causes of a failed copy last longer than moments. */
const BEFORE_ANOTHER_SECONDS = 900;

const leaveBehind = leaveRegionBehind("$region", "RegionNotCopied");

/** Ends the region's item without a copy. @param why in JSONata */
const endsBehind = (why: string): State => ({
  Type: "Pass",
  Output: `{% { 'behind': { 'region': $region, 'why': ${why} } } %}`,
  End: true,
});

/**
 * Copies the AMI to every other region. Distributions are polled: Image Builder's events name the copy after the source
 * AMI, and may be lost. A failed copy is retried in its region only; after the last attempt the region is behind, and each
 * channel's quorum decides whether the channel moves without it.
 */
export const distribute = (
  partition: string,
  functions: { readonly distributeImage: TaskFunction; readonly recordCopy: TaskFunction },
  next: string,
): State => ({
  Type: "Map",
  Items: "{% $states.input.distribute %}",
  MaxConcurrency: 10,
  ItemProcessor: {
    ProcessorConfig: { Mode: "INLINE" },
    StartAt: "FirstCopy",
    States: {
      FirstCopy: {
        Type: "Pass",
        Assign: { region: "{% $states.input.region %}", copies: 1, looks: 0, instead: null },
        Next: "StartCopy",
      },
      StartCopy: lambdaTask(
        partition,
        functions.distributeImage,
        {
          image: "{% $image %}",
          build: "{% $build %}",
          region: "{% $region %}",
          // The failed copy that this one replaces.
          instead: "{% $instead %}",
        },
        { Assign: { copy: "{% $states.result.Payload.copy %}" }, Next: "CopyKnown", ...leaveBehind },
      ),
      // An earlier promotion of the same build recorded the copy.
      CopyKnown: {
        Type: "Choice",
        Choices: [{ Condition: "{% $exists($states.input.amiId) %}", Next: "Copied" }],
        Default: "WaitForCopy",
      },
      Copied: { Type: "Pass", End: true },
      WaitForCopy: { Type: "Wait", Seconds: LOOK_EVERY_SECONDS, Next: "GetCopy" },
      GetCopy: {
        Type: "Task",
        Resource: `arn:${partition}:states:::aws-sdk:imagebuilder:getImage`,
        Arguments: { ImageBuildVersionArn: "{% $copy %}" },
        TimeoutSeconds: 60,
        Assign: { looks: "{% $looks + 1 %}" },
        Output: "{% $states.result.Image.State %}",
        Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 10, BackoffRate: 2, MaxAttempts: 6 }],
        // The image resource of an old failed copy may have been deleted.
        Catch: [
          {
            ErrorEquals: ["States.ALL"],
            Output: { Status: "UNKNOWN", Reason: "{% $states.errorOutput.Error %}" },
            Next: "CopyAgain",
          },
        ],
        Next: "CopyState",
      },
      CopyState: {
        Type: "Choice",
        Choices: [
          { Condition: "{% $states.input.Status = 'AVAILABLE' %}", Next: "RecordCopy" },
          {
            Condition: "{% $states.input.Status in ['FAILED', 'CANCELLED', 'DELETED', 'DEPRECATED', 'DISABLED'] %}",
            Next: "CopyAgain",
          },
          { Condition: `{% $looks >= ${MOST_LOOKS} %}`, Next: "CopyTimedOut" },
        ],
        Default: "WaitForCopy",
      },
      CopyAgain: {
        Type: "Choice",
        Choices: [
          {
            Condition: `{% $copies < ${MOST_COPIES} and $looks < ${MOST_LOOKS} %}`,
            Assign: { copies: "{% $copies + 1 %}", instead: "{% $copy %}" },
            Next: "WaitToCopyAgain",
          },
        ],
        Default: "CopyFailed",
      },
      WaitToCopyAgain: { Type: "Wait", Seconds: BEFORE_ANOTHER_SECONDS, Next: "StartCopy" },
      RecordCopy: lambdaTask(
        partition,
        functions.recordCopy,
        { image: "{% $image %}", build: "{% $build %}", region: "{% $region %}", copy: "{% $copy %}" },
        { End: true, ...leaveBehind },
      ),
      CopyFailed: endsBehind(
        "'CopyFailed: the copy ended ' & $states.input.Status & ' in ' & $copies & ' tries: ' & ($exists($states.input.Reason) ? $states.input.Reason : 'Image Builder gives no reason')",
      ),
      CopyTimedOut: endsBehind(
        `'CopyTimedOut: the copy (' & $copy & ') was still ' & $states.input.Status & ' after ${(MOST_LOOKS * LOOK_EVERY_SECONDS) / 3600} hours'`,
      ),
      RegionNotCopied: regionBehind,
    },
  },
  Assign: { notCopied: `{% [${LEFT_BEHIND}] %}` },
  Next: next,
  ...undoOnFailure,
});
