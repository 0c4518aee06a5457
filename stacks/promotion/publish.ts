import { lambdaTask, type State, type TaskFunction, undoOnFailure } from "./lambda-task.ts";
import { verifyParameter } from "./verify.ts";

/** The functions that carry it out. */
export interface PublishFunctions {
  readonly shareParameter: TaskFunction;
  readonly verifyParameter: TaskFunction;
}

/**
 * Lets the channel's consumers read its parameter, in every region at once, and tries whether they can. Only a parameter that is there can be
 * shared, and it is once the channel's move is confirmed.
 */
export const publish = (
  partition: string,
  functions: PublishFunctions,
  next: string,
): Readonly<Record<string, State>> => ({
  ShareParameters: {
    Type: "Map",
    Items: "{% $reachable %}",
    MaxConcurrency: 10,
    ItemProcessor: {
      ProcessorConfig: { Mode: "INLINE" },
      StartAt: "ShareParameter",
      States: {
        ShareParameter: lambdaTask(
          partition,
          functions.shareParameter,
          {
            image: "{% $image %}",
            build: "{% $build %}",
            channel: "{% $channel.name %}",
            region: "{% $states.input %}",
          },
          {
            // RAM associates in its own time.
            Retry: [{ ErrorEquals: ["ParameterShareNotYet"], IntervalSeconds: 5, BackoffRate: 1.5, MaxAttempts: 10 }],
            Next: "VerifyParameter",
          },
        ),
        VerifyParameter: verifyParameter(partition, functions.verifyParameter, { End: true }),
      },
    },
    Next: next,
    ...undoOnFailure,
  },
});
