import { lambdaTask, type TaskFunction } from "../promotion/lambda-task.ts";

/** Two weeks of patience with what owners hold, and as long again for windows and people. */
const THIRTY_DAYS = 30 * 24 * 3600;

/**
 * Takes turns of a roll-out, from `{ image, channel, id, nth }`, until there is nothing to wait for. Each turn says how long
 * to wait for the next; the ledger knows everything else, so that an execution can end and another one go on. Amazon States
 * Language, expressions in JSONata.
 */
export const rolloutDefinition = (partition: string, rollOut: TaskFunction) => ({
  Comment: "Takes turns of a roll-out until it has ended, or has halted.",
  QueryLanguage: "JSONata",
  TimeoutSeconds: THIRTY_DAYS,
  StartAt: "Begin",
  States: {
    Begin: {
      Type: "Pass",
      Assign: {
        image: "{% $states.input.image %}",
        channel: "{% $states.input.channel %}",
        id: "{% $states.input.id %}",
        nth: "{% $states.input.nth %}",
        turn: 1,
      },
      Next: "TakeTurn",
    },
    TakeTurn: lambdaTask(
      partition,
      rollOut,
      {
        image: "{% $image %}",
        channel: "{% $channel %}",
        id: "{% $id %}",
        nth: "{% $nth %}",
        turn: "{% $turn %}",
      },
      { Assign: { turn: "{% $turn + 1 %}" }, Next: "WhatNext" },
    ),
    WhatNext: {
      Type: "Choice",
      Choices: [{ Condition: "{% $states.input.next = 'wait' %}", Next: "Wait" }],
      Default: "Done",
    },
    Wait: { Type: "Wait", Seconds: "{% $states.input.seconds %}", Next: "TakeTurn" },
    Done: { Type: "Succeed" },
  },
});
