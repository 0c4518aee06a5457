import { lambdaTask, type State, type TaskFunction, undoOnFailure } from "./lambda-task.ts";

export interface PublishFunctions {
  readonly shareParameter: TaskFunction;
  readonly verifyParameter: TaskFunction;
}

/**
 * Shares the channel's parameter with its consumers, in all regions in parallel, and verifies that they can read it. After the
 * channel's move is confirmed, because only an existing parameter can be shared.
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
            // RAM associates resources asynchronously.
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

export interface VerificationFunctions {
  readonly verifyShare: TaskFunction;
  readonly startCanary: TaskFunction;
  readonly checkCanary: TaskFunction;
  readonly endCanary: TaskFunction;
}

/** How often a denied verification is retried before it counts: one and a half to four minutes. */
const TRIES = 5;

const TRIES_LEFT = `{% ${TRIES} - $states.context.State.RetryCount %}`;

/** Shares, key policies and consumer roles are eventually consistent. */
const askedAgain = { ErrorEquals: ["NotLaunchableYet"], IntervalSeconds: 10, BackoffRate: 1.5, MaxAttempts: TRIES };

/** The organization is read hourly. */
const knownLater = { ErrorEquals: ["ConsumersNotKnown"], IntervalSeconds: 600, BackoffRate: 1, MaxAttempts: 8 };

/** A small instance runs within a minute, Auto Scaling's within two; after ten the canary counts as failed. */
const LOOK_EVERY_SECONDS = 60;
const MOST_LOOKS = 10;

const ofShare = {
  image: "{% $image %}",
  build: "{% $build %}",
  channel: "{% $channel.name %}",
  region: "{% $states.input.region %}",
};

const ofCanary = { ...ofShare, region: "{% $region %}", amiId: "{% $amiId %}", canary: "{% $canary %}" };

/** Any failure ends the canary. */
const endInAnyCase = {
  Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput %}", Next: "EndCanary" }],
};

/**
 * Verifies that consumers can launch the AMI shared with them in a region, given `{ "region": ... }`: first permissions and
 * keys; then, if the channel is shared with the canary's account, by running and terminating an instance there.
 * @param onFailure follows every failure, after the canary has been ended
 */
export const verification = (
  partition: string,
  functions: VerificationFunctions,
  onFailure: State = {},
): Readonly<Record<string, State>> => ({
  VerifyShare: lambdaTask(
    partition,
    functions.verifyShare,
    { ...ofShare, triesLeft: TRIES_LEFT },
    { Retry: [askedAgain, knownLater], Next: "CanaryNeeded", ...onFailure },
  ),
  CanaryNeeded: {
    Type: "Choice",
    Choices: [
      {
        Condition: "{% $exists($states.input.canary) %}",
        Assign: {
          region: "{% $states.input.region %}",
          amiId: "{% $states.input.amiId %}",
          canary: "{% $states.input.canary %}",
          looks: 0,
        },
        Next: "StartCanary",
      },
    ],
    Default: "ShareVerified",
  },
  StartCanary: lambdaTask(partition, functions.startCanary, ofCanary, { Next: "CanaryVerdict", ...endInAnyCase }),
  CanaryVerdict: {
    Type: "Choice",
    Choices: [{ Condition: "{% $states.input.verdict = 'pending' %}", Next: "WaitForCanary" }],
    Default: "EndCanary",
  },
  WaitForCanary: { Type: "Wait", Seconds: LOOK_EVERY_SECONDS, Next: "CheckCanary" },
  CheckCanary: lambdaTask(
    partition,
    functions.checkCanary,
    {
      ...ofCanary,
      minutes: `{% $looks * ${LOOK_EVERY_SECONDS} / 60 %}`,
      last: `{% $looks >= ${MOST_LOOKS} %}`,
    },
    { Assign: { looks: "{% $looks + 1 %}" }, Next: "CanaryVerdict", ...endInAnyCase },
  ),
  // Also reports the result, after all of the canary's resources are removed.
  EndCanary: lambdaTask(
    partition,
    functions.endCanary,
    { ...ofCanary, outcome: "{% $states.input %}" },
    {
      Retry: [
        {
          // Auto Scaling is still deleting it (Auto Scaling API reference, DeleteAutoScalingGroup, "Errors").
          ErrorEquals: ["ScalingActivityInProgressFault", "ResourceInUseFault", "ResourceContentionFault"],
          IntervalSeconds: 20,
          BackoffRate: 2,
          MaxAttempts: 6,
        },
      ],
      Next: "ShareVerified",
      ...onFailure,
    },
  ),
  ShareVerified: { Type: "Pass", End: true },
});

/** Verifies that consumers can read the channel's parameter in a region, given `{ "region": ... }`. */
const verifyParameter = (partition: string, called: TaskFunction, rest: State): State =>
  lambdaTask(partition, called, { ...ofShare, triesLeft: TRIES_LEFT }, { Retry: [askedAgain, knownLater], ...rest });
