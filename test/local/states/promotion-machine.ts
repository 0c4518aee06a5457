import { functionArn, machine } from "./workbench.ts";

const Retry = [
  {
    ErrorEquals: ["Lambda.ServiceException", "Lambda.TooManyRequestsException", "Throttled"],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 6,
    JitterStrategy: "FULL",
  },
];
const undo = [{ ErrorEquals: ["States.ALL"], Output: { error: "{% $states.errorOutput %}" }, Next: "UndoPromotion" }];

const call = (name: string, payload: object, more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: functionArn(name), Payload: payload },
  Output: "{% $states.result.Payload %}",
  TimeoutSeconds: 70,
  Retry,
  ...more,
});

const about = { build: "{% $build %}", image: "{% $image %}" };

const copyOne = {
  StartAt: "StartCopy",
  States: {
    StartCopy: call(
      "distribute-image",
      { ...about, region: "{% $states.input.region %}" },
      {
        Assign: { region: "{% $states.input.region %}", copy: "{% $states.result.Payload.copy %}", polls: 0 },
        Next: "WaitForCopy",
      },
    ),
    WaitForCopy: { Type: "Wait", Seconds: 300, Next: "GetCopy" },
    GetCopy: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:imagebuilder:getImage",
      Arguments: { ImageBuildVersionArn: "{% $copy %}" },
      Assign: { polls: "{% $polls + 1 %}" },
      Output: "{% $states.result.Image.State %}",
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
        { Condition: "{% $polls > 150 %}", Next: "CopyTimedOut" },
      ],
      Default: "WaitForCopy",
    },
    RecordCopy: call("record-copy", { ...about, region: "{% $region %}", copy: "{% $copy %}" }, { End: true }),
    CopyFailed: {
      Type: "Fail",
      Error: "CopyFailed",
      Cause: "{% 'The copy to ' & $region & ' ended ' & $states.input.Status & ': ' & $states.input.Reason %}",
    },
    CopyTimedOut: { Type: "Fail", Error: "CopyTimedOut", Cause: "{% 'The copy to ' & $region & ' took too long' %}" },
  },
};

const shareOne = {
  StartAt: "ShareOne",
  States: {
    ShareOne: call(
      "share-image",
      { ...about, channel: "{% $channel.name %}", region: "{% $states.input %}" },
      { End: true },
    ),
  },
};

/** The shape of the factory's own machine: copies in parallel, then channels one by one, everything undone on failure. */
export const promotion = machine(
  {
    CollectEvidence: call(
      "collect-evidence",
      { build: "{% $states.input.build %}", image: "{% $states.input.image %}" },
      {
        Assign: { build: "{% $states.input.build %}", image: "{% $states.input.image %}" },
        Next: "DecideGate",
        Catch: undo,
      },
    ),
    DecideGate: call("decide-gate", about, {
      Assign: {
        distribute: "{% $states.result.Payload.distribute %}",
        channels: "{% $states.result.Payload.channels %}",
        index: 0,
      },
      Next: "GateVerdict",
      Catch: undo,
    }),
    GateVerdict: {
      Type: "Choice",
      Choices: [{ Condition: "{% $states.input.verdict = 'rejected' %}", Next: "Rejected" }],
      Default: "Distribute",
    },
    Rejected: { Type: "Succeed" },
    Distribute: {
      Type: "Map",
      Items: "{% $distribute %}",
      MaxConcurrency: 10,
      ItemProcessor: copyOne,
      Catch: undo,
      Next: "NextChannel",
    },
    NextChannel: {
      Type: "Choice",
      Choices: [
        {
          Condition: "{% $index < $count($channels) %}",
          Assign: { channel: "{% $channels[$index] %}" },
          Next: "ShareEverywhere",
        },
      ],
      Default: "Promoted",
    },
    ShareEverywhere: {
      Type: "Map",
      Items: "{% $channel.regions %}",
      ItemProcessor: shareOne,
      Catch: undo,
      Next: "MoveChannel",
    },
    MoveChannel: call(
      "move-channel",
      { ...about, channel: "{% $channel.name %}" },
      { Next: "MoveVerdict", Catch: undo },
    ),
    MoveVerdict: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $not($states.input.moved) %}", Next: "Superseded" },
        { Condition: "{% $channel.soakSeconds = 0 %}", Next: "Advance" },
      ],
      Default: "Soak",
    },
    Superseded: { Type: "Succeed" },
    Soak: { Type: "Wait", Seconds: "{% $channel.soakSeconds %}", Next: "Advance" },
    Advance: { Type: "Pass", Assign: { index: "{% $index + 1 %}" }, Next: "NextChannel" },
    Promoted: { Type: "Succeed", Output: "promoted" },
    UndoPromotion: call(
      "undo-promotion",
      { ...about, error: "{% $states.input.error %}" },
      {
        Output: "{% $states.input.error %}",
        Next: "PromotionFailed",
      },
    ),
    PromotionFailed: { Type: "Fail", Error: "{% $states.input.Error %}", Cause: "{% $states.input.Cause %}" },
  },
  { TimeoutSeconds: 2_592_000 },
);
