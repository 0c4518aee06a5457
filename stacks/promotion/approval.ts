import { lambdaTask, type State, type TaskFunction, undoOnFailure } from "./lambda-task.ts";

interface ApprovalFunctions {
  readonly requestApproval: TaskFunction;
  readonly expireApproval: TaskFunction;
}

const ofChannel = { image: "{% $image %}", build: "{% $build %}", channel: "{% $channel.name %}" };

/**
 * Waits until people agree that the build enters the channel, where the plan says that they are asked. Nothing of this
 * channel has been done yet, and channels before it stay as they are, so whatever they say there is nothing to undo.
 */
export const approval = (
  partition: string,
  functions: ApprovalFunctions,
  next: string,
): Readonly<Record<string, State>> => ({
  ApprovalNeeded: {
    Type: "Choice",
    Choices: [{ Condition: "{% $exists($channel.approval) %}", Next: "RequestApproval" }],
    Default: next,
  },
  RequestApproval: {
    ...lambdaTask(
      partition,
      functions.requestApproval,
      { ...ofChannel, approval: "{% $channel.approval %}", token: "{% $states.context.Task.Token %}" },
      { Next: "ApprovalVerdict" },
    ),
    Resource: `arn:${partition}:states:::lambda:invoke.waitForTaskToken`,
    TimeoutSeconds: "{% $channel.approval.timeoutSeconds %}",
    Output: "{% $states.result %}",
    Catch: [{ ErrorEquals: ["States.Timeout"], Next: "ExpireApproval" }, ...undoOnFailure.Catch],
  },
  // The ledger's decision counts: the last answer may have come in the very moment in which the time was over.
  ExpireApproval: lambdaTask(partition, functions.expireApproval, ofChannel, {
    Next: "ApprovalVerdict",
    ...undoOnFailure,
  }),
  ApprovalVerdict: {
    Type: "Choice",
    Choices: [
      { Condition: "{% $states.input.verdict = 'granted' %}", Next: next },
      { Condition: "{% $states.input.verdict = 'denied' %}", Next: "ApprovalDenied" },
      { Condition: "{% $states.input.verdict = 'withdrawn' %}", Next: "Superseded" },
    ],
    Default: "ApprovalExpired",
  },
  ApprovalDenied: { Type: "Succeed" },
  ApprovalExpired: { Type: "Succeed" },
});
