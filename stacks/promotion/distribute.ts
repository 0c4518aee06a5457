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

/** Image Builder gives a distribution 720 minutes; after half an hour more this region counts as failed. */
const MOST_LOOKS = 150;

/** How often one region's copy is begun; the others wait for it, so not often. `reconcile` catches up later. */
const MOST_COPIES = 3;

/** What keeps a region from taking a copy is rarely over in a moment. */
const BEFORE_ANOTHER_SECONDS = 900;

const leaveBehind = leaveRegionBehind("$region", "RegionNotCopied");

/** The region's item ends here, without a copy. @param why in JSONata */
const endsBehind = (why: string): State => ({
  Type: "Pass",
  Output: `{% { 'behind': { 'region': $region, 'why': ${why} } } %}`,
  End: true,
});

/**
 * Copies the AMI to every other region. Image Builder's distribution is followed by asking: its events name the copy
 * after the source AMI, and may not come. A region whose copy fails is tried again alone; in the end it stays behind, and
 * each channel's rule decides whether that is one too many.
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
          // The copy that failed, and that another one takes the place of.
          instead: "{% $instead %}",
        },
        { Assign: { copy: "{% $states.result.Payload.copy %}" }, Next: "CopyKnown", ...leaveBehind },
      ),
      // Finished and recorded by an earlier promotion of the same build.
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
        // The image resource of a copy that failed long ago may have been removed.
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
