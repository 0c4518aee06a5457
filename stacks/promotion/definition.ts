import { channels } from "./channels.ts";
import { distribute } from "./distribute.ts";
import { lambdaTask, type TaskFunction, undoOnFailure } from "./lambda-task.ts";
import type { PublishFunctions, VerificationFunctions } from "./publish.ts";

/** The functions of a promotion. */
export interface PromotionFunctions extends VerificationFunctions, PublishFunctions {
  readonly collectEvidence: TaskFunction;
  readonly decideGate: TaskFunction;
  readonly distributeImage: TaskFunction;
  readonly recordCopy: TaskFunction;
  readonly requestApproval: TaskFunction;
  readonly expireApproval: TaskFunction;
  readonly checkPromotion: TaskFunction;
  readonly keepGrants: TaskFunction;
  readonly prepareImage: TaskFunction;
  readonly shareImage: TaskFunction;
  readonly moveChannel: TaskFunction;
  readonly confirmChannel: TaskFunction;
  readonly undoPromotion: TaskFunction;
}

const ofBuild = { image: "{% $image %}", build: "{% $build %}" };

/** Longer than all soaks of a valid plan; a promotion that runs longer is stuck. */
const THIRTY_DAYS = 30 * 24 * 3600;

/** Retries of undoing; after the last one the team is notified of the rest. */
const UNDO_TRIES = 5;

/**
 * The state machine that promotes a build through its image's channels. Input: `{ "build": <arn>, "image": <name> }`; with
 * `again`, a plan like the gate's, it promotes to regions that are behind. Amazon States Language with JSONata.
 */
export const promotionDefinition = (partition: string, functions: PromotionFunctions) => ({
  Comment: "Takes one build through its gate, to every region, and through its image's channels.",
  QueryLanguage: "JSONata",
  TimeoutSeconds: THIRTY_DAYS,
  StartAt: "Begin",
  States: {
    // First, so that every failure can name the build.
    Begin: {
      Type: "Pass",
      Assign: {
        image: "{% $states.input.image %}",
        build: "{% $states.input.build %}",
        again: "{% $exists($states.input.again) %}",
        index: 0,
      },
      Next: "WhichWay",
    },
    // For regions that are behind: the gate passed and approvals were given, so neither is repeated.
    WhichWay: {
      Type: "Choice",
      Choices: [
        {
          Condition: "{% $again %}",
          Assign: { channels: "{% $states.input.again.channels %}" },
          Output: "{% $states.input.again %}",
          Next: "Distribute",
        },
      ],
      Default: "CollectEvidence",
    },
    CollectEvidence: lambdaTask(partition, functions.collectEvidence, ofBuild, {
      Next: "DecideGate",
      ...undoOnFailure,
    }),
    DecideGate: lambdaTask(partition, functions.decideGate, ofBuild, {
      Assign: { channels: "{% $states.result.Payload.channels %}" },
      Next: "GateVerdict",
      ...undoOnFailure,
    }),
    GateVerdict: {
      Type: "Choice",
      Choices: [{ Condition: "{% $states.input.verdict = 'passed' %}", Next: "Distribute" }],
      Default: "Rejected",
    },
    Rejected: { Type: "Succeed" },
    Distribute: distribute(partition, functions, "NextChannel"),
    ...channels(partition, functions),
    // If a region cannot catch up, the others keep the build; `reconcile` retries later.
    TakeBack: {
      Type: "Choice",
      Choices: [{ Condition: "{% $again %}", Next: "StillBehind" }],
      Default: "UndoPromotion",
    },
    StillBehind: { Type: "Succeed" },
    UndoPromotion: lambdaTask(
      partition,
      functions.undoPromotion,
      { ...ofBuild, error: "{% $states.input %}", triesLeft: `{% ${UNDO_TRIES} - $states.context.State.RetryCount %}` },
      {
        // A partly undone promotion leaves the build shared with accounts that must not have it, hence the many retries.
        Retry: [
          {
            ErrorEquals: ["States.Timeout", "States.TaskFailed"],
            IntervalSeconds: 30,
            BackoffRate: 2,
            MaxAttempts: UNDO_TRIES,
          },
        ],
        Next: "PromotionFailed",
      },
    ),
    PromotionFailed: {
      Type: "Fail",
      Error: "PromotionFailed",
      Cause: "{% 'The promotion of ' & $build & ' failed; its changes were undone.' %}",
    },
  },
});
