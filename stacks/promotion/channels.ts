import { approval } from "./approval.ts";
import { lambdaTask, type State, type Step, undoOnFailure } from "./lambda-task.ts";

interface ChannelSteps {
  readonly requestApproval: Step;
  readonly expireApproval: Step;
  readonly checkPromotion: Step;
  readonly shareImage: Step;
  readonly moveChannel: Step;
  readonly confirmChannel: Step;
}

/** What the functions throw when a later try may find it otherwise; their names are part of the contract. */
const again = (error: string, settings: object) => ({ ErrorEquals: [error], ...settings });

const ofChannel = { image: "{% $image %}", build: "{% $build %}", channel: "{% $channel.name %}" };

/**
 * Channel by channel, in order: approval, share in every region, move, confirm, soak. A loop by an index, because a Map
 * cannot stop early where a newer build has taken a channel.
 */
export const channels = (partition: string, steps: ChannelSteps): Readonly<Record<string, State>> => ({
  NextChannel: {
    Type: "Choice",
    Choices: [
      {
        Condition: "{% $index < $count($channels) %}",
        Assign: { channel: "{% $channels[$index] %}" },
        Next: "ApprovalNeeded",
      },
    ],
    Default: "Promoted",
  },
  ...approval(partition, steps, "CheckPromotion"),
  // After all waiting, and before anybody gets the build.
  CheckPromotion: lambdaTask(partition, steps.checkPromotion, ofChannel, { Next: "CheckVerdict", ...undoOnFailure }),
  CheckVerdict: {
    Type: "Choice",
    Choices: [{ Condition: "{% $states.input.goesOn %}", Next: "ShareEverywhere" }],
    Default: "Superseded",
  },
  ShareEverywhere: {
    Type: "Map",
    Items: "{% $channel.regions %}",
    MaxConcurrency: 10,
    ItemProcessor: {
      ProcessorConfig: { Mode: "INLINE" },
      StartAt: "Share",
      States: {
        Share: lambdaTask(
          partition,
          steps.shareImage,
          { ...ofChannel, region: "{% $states.input %}" },
          {
            Retry: [again("ShareNotVerified", { IntervalSeconds: 10, BackoffRate: 2, MaxAttempts: 5 })],
            End: true,
          },
        ),
      },
    },
    Next: "MoveChannel",
    ...undoOnFailure,
  },
  MoveChannel: lambdaTask(partition, steps.moveChannel, ofChannel, {
    Retry: [again("ChannelContested", { IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 5, JitterStrategy: "FULL" })],
    Next: "MoveVerdict",
    ...undoOnFailure,
  }),
  MoveVerdict: {
    Type: "Choice",
    Choices: [{ Condition: "{% $states.input.moved %}", Next: "ConfirmChannel" }],
    Default: "Superseded",
  },
  ConfirmChannel: lambdaTask(partition, steps.confirmChannel, ofChannel, {
    // Parameter Store checks an AMI after it has taken the value, and refuses another for minutes where that failed.
    Retry: [again("ParameterNotYet", { IntervalSeconds: 5, BackoffRate: 1.5, MaxAttempts: 18, MaxDelaySeconds: 60 })],
    Next: "ConfirmVerdict",
    ...undoOnFailure,
  }),
  ConfirmVerdict: {
    Type: "Choice",
    Choices: [{ Condition: "{% $states.input.confirmed %}", Next: "SoakNeeded" }],
    Default: "Superseded",
  },
  SoakNeeded: {
    Type: "Choice",
    Choices: [{ Condition: "{% $channel.soakSeconds > 0 %}", Next: "Soak" }],
    Default: "Advance",
  },
  Soak: { Type: "Wait", Seconds: "{% $channel.soakSeconds %}", Next: "Advance" },
  Advance: { Type: "Pass", Assign: { index: "{% $index + 1 %}" }, Next: "NextChannel" },
  Promoted: { Type: "Succeed" },
  Superseded: { Type: "Succeed" },
});
