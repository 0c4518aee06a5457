import { lambdaTask, type State, type Step, undoOnFailure } from "./lambda-task.ts";

const LOOK_EVERY_SECONDS = 300;
/** Image Builder gives a distribution 720 minutes; half an hour more, and nobody waits any longer. */
const MOST_LOOKS = 150;

/**
 * Copies the AMI to every other region. Image Builder's distribution is followed by asking: its events name the copy
 * after the source AMI, and may not come.
 */
export const distribute = (
  partition: string,
  steps: { readonly distributeImage: Step; readonly recordCopy: Step },
  next: string,
): State => ({
  Type: "Map",
  Items: "{% $states.input.distribute %}",
  MaxConcurrency: 10,
  ItemProcessor: {
    ProcessorConfig: { Mode: "INLINE" },
    StartAt: "StartCopy",
    States: {
      StartCopy: lambdaTask(
        partition,
        steps.distributeImage,
        { image: "{% $image %}", build: "{% $build %}", region: "{% $states.input.region %}" },
        {
          Assign: {
            region: "{% $states.result.Payload.region %}",
            copy: "{% $states.result.Payload.copy %}",
            looks: 0,
          },
          Next: "WaitForCopy",
        },
      ),
      WaitForCopy: { Type: "Wait", Seconds: LOOK_EVERY_SECONDS, Next: "GetCopy" },
      GetCopy: {
        Type: "Task",
        Resource: `arn:${partition}:states:::aws-sdk:imagebuilder:getImage`,
        Arguments: { ImageBuildVersionArn: "{% $copy %}" },
        TimeoutSeconds: 60,
        Assign: { looks: "{% $looks + 1 %}" },
        Output: "{% $states.result.Image.State %}",
        Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 10, BackoffRate: 2, MaxAttempts: 6 }],
        Next: "CopyState",
      },
      CopyState: {
        Type: "Choice",
        Choices: [
          { Condition: "{% $states.input.Status = 'AVAILABLE' %}", Next: "RecordCopy" },
          {
            Condition: "{% $states.input.Status in ['FAILED', 'CANCELLED', 'DELETED', 'DEPRECATED', 'DISABLED'] %}",
            Next: "CopyFailed",
          },
          { Condition: `{% $looks >= ${MOST_LOOKS} %}`, Next: "CopyTimedOut" },
        ],
        Default: "WaitForCopy",
      },
      RecordCopy: lambdaTask(
        partition,
        steps.recordCopy,
        { image: "{% $image %}", build: "{% $build %}", region: "{% $region %}", copy: "{% $copy %}" },
        { End: true },
      ),
      CopyFailed: {
        Type: "Fail",
        Error: "CopyFailed",
        Cause:
          "{% 'The copy to ' & $region & ' ended ' & $states.input.Status & ': ' & ($exists($states.input.Reason) ? $states.input.Reason : 'Image Builder gives no reason') %}",
      },
      CopyTimedOut: {
        Type: "Fail",
        Error: "CopyTimedOut",
        Cause: `{% 'The copy to ' & $region & ' (' & $copy & ') was still ' & $states.input.Status & ' after ${(MOST_LOOKS * LOOK_EVERY_SECONDS) / 3600} hours' %}`,
      },
    },
  },
  Next: next,
  ...undoOnFailure,
});
