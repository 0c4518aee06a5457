import {
  LEFT_BEHIND,
  lambdaTask,
  leaveRegionBehind,
  regionBehind,
  type State,
  type TaskFunction,
  undoOnFailure,
} from "./lambda-task.ts";
import { type PublishFunctions, publish, type VerificationFunctions, verification } from "./publish.ts";

interface ChannelFunctions extends VerificationFunctions, PublishFunctions {
  readonly requestApproval: TaskFunction;
  readonly expireApproval: TaskFunction;
  readonly checkPromotion: TaskFunction;
  readonly keepGrants: TaskFunction;
  readonly prepareImage: TaskFunction;
  readonly shareImage: TaskFunction;
  readonly moveChannel: TaskFunction;
  readonly confirmChannel: TaskFunction;
}

/** A function's error that is worth a retry; error names are part of the contract. */
const again = (error: string, settings: object) => ({ ErrorEquals: [error], ...settings });

const ofChannel = { image: "{% $image %}", build: "{% $build %}", channel: "{% $channel.name %}" };

/** With the regions that do not have the build, each with the reason. */
const ofMove = { ...ofChannel, behind: "{% $behind %}", again: "{% $again %}" };

const ofConfirmation = { ...ofChannel, caughtUp: "{% $again ? [$channel.regions] : [] %}" };

const leaveBehind = leaveRegionBehind("$states.context.Map.Item.Value", "RegionBehind");

/**
 * Channel by channel, in order: approval, share and verify in every region that has the build, move, confirm, soak.
 * A loop with an index, because a Map cannot stop early when a newer build has moved a channel.
 */
export const channels = (partition: string, functions: ChannelFunctions): Readonly<Record<string, State>> => ({
  NextChannel: {
    Type: "Choice",
    Choices: [
      {
        Condition: "{% $index < $count($channels) %}",
        Assign: {
          channel: "{% $channels[$index] %}",
          behind: "{% [$notCopied[region in $channels[$index].regions]] %}",
          reachable: "{% [$channels[$index].regions[$not($ in $notCopied.region)]] %}",
        },
        Next: "EnoughRegions",
      },
    ],
    Default: "Promoted",
  },
  // Before approval, which would be useless without the quorum. `move-channel` later counts the regions that were shared.
  EnoughRegions: {
    Type: "Choice",
    Choices: [{ Condition: "{% $count($reachable) >= $channel.quorum %}", Next: "ApprovalNeeded" }],
    Default: "TooFewRegions",
  },
  TooFewRegions: {
    Type: "Pass",
    Output: {
      Error: "TooFewRegions",
      Cause:
        "{% 'Channel ' & $channel.name & ' moves when ' & $channel.quorum & ' of its ' & $count($channel.regions) & ' regions have the build; unavailable: ' & $join([$behind.(region & ' (' & why & ')')], '; ') %}",
    },
    Next: "TakeBack",
  },
  ...approval(partition, functions, "CheckPromotion"),
  // After all waiting, and before any account gets the build.
  CheckPromotion: lambdaTask(partition, functions.checkPromotion, ofChannel, {
    Next: "CheckVerdict",
    ...undoOnFailure,
  }),
  CheckVerdict: {
    Type: "Choice",
    Choices: [
      { Condition: "{% $not($states.input.goesOn) %}", Next: "Superseded" },
      // A restarted promotion soaks for the rest of the time.
      { Condition: "{% $exists($states.input.arrived) %}", Next: "SoakNeeded" },
      // A build that stopped being urgent: first the rest of the usual soak, then the approval.
      { Condition: "{% $exists($states.input.soakSeconds) %}", Next: "SoakOn" },
      {
        Condition: "{% $exists($states.input.approval) %}",
        Assign: { channel: "{% $merge([$channel, { 'approval': $states.input.approval }]) %}" },
        Next: "RequestApproval",
      },
    ],
    Default: "KeepGrants",
  },
  SoakOn: { Type: "Wait", Seconds: "{% $states.input.soakSeconds %}", Next: "CheckPromotion" },
  // Auto Scaling's canary needs the grant of its account; grants of other accounts are maintained hourly.
  KeepGrants: lambdaTask(partition, functions.keepGrants, ofChannel, { Next: "ShareEverywhere", ...undoOnFailure }),
  ShareEverywhere: {
    Type: "Map",
    Items: "{% $reachable %}",
    MaxConcurrency: 10,
    ItemProcessor: {
      ProcessorConfig: { Mode: "INLINE" },
      StartAt: "PrepareImage",
      States: {
        PrepareImage: lambdaTask(
          partition,
          functions.prepareImage,
          { image: "{% $image %}", build: "{% $build %}", region: "{% $states.input %}" },
          { Output: "{% $states.input %}", Next: "Share", ...leaveBehind },
        ),
        Share: lambdaTask(
          partition,
          functions.shareImage,
          { ...ofChannel, region: "{% $states.input %}" },
          {
            Retry: [again("ShareNotVerified", { IntervalSeconds: 10, BackoffRate: 2, MaxAttempts: 5 })],
            Next: "VerifyShare",
            ...leaveBehind,
          },
        ),
        ...verification(partition, functions, leaveBehind),
        RegionBehind: regionBehind,
      },
    },
    Assign: {
      behind: `{% [$append($behind, ${LEFT_BEHIND})] %}`,
      reachable: `{% [$reachable[$not($ in ${LEFT_BEHIND}.region)]] %}`,
    },
    Next: "MoveChannel",
    ...undoOnFailure,
  },
  MoveChannel: lambdaTask(partition, functions.moveChannel, ofMove, {
    Retry: [again("ChannelContested", { IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 5, JitterStrategy: "FULL" })],
    Next: "MoveVerdict",
    ...undoOnFailure,
  }),
  MoveVerdict: {
    Type: "Choice",
    Choices: [{ Condition: "{% $states.input.moved %}", Next: "ConfirmChannel" }],
    Default: "Superseded",
  },
  ConfirmChannel: lambdaTask(partition, functions.confirmChannel, ofConfirmation, {
    // Parameter Store validates an AMI after it accepted the value, and refuses new values for minutes if that failed.
    Retry: [again("ParameterNotYet", { IntervalSeconds: 5, BackoffRate: 1.5, MaxAttempts: 18, MaxDelaySeconds: 60 })],
    Next: "ConfirmVerdict",
    ...undoOnFailure,
  }),
  ConfirmVerdict: {
    Type: "Choice",
    Choices: [{ Condition: "{% $states.input.confirmed %}", Next: "ShareParameters" }],
    Default: "Superseded",
  },
  ...publish(partition, functions, "SoakNeeded"),
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

interface ApprovalFunctions {
  readonly requestApproval: TaskFunction;
  readonly expireApproval: TaskFunction;
}

/**
 * Waits for approval of the build for this channel, if the plan requires it. Nothing in this channel has changed yet, and earlier
 * channels stay as they are, so nothing has to be undone.
 */
const approval = (partition: string, functions: ApprovalFunctions, next: string): Readonly<Record<string, State>> => ({
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
  // The ledger's decision counts: the last answer may have arrived exactly at the timeout.
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
