import { rolloutName } from "../../core/names.ts";
import { factory } from "../program/factory.ts";
import { lambdaTask, type TaskFunction } from "../promotion/lambda-task.ts";
import { alarm } from "../resources/alarm.ts";
import { place } from "../resources/deployment.ts";
import { serviceRole } from "../resources/grant.ts";
import { deliverLogs, stateMachine } from "../resources/state-machine.ts";
import { rollingOut } from "./functions.ts";

if (rollingOut) {
  const { rollOut } = rollingOut;
  const role = serviceRole("rollout-machine", "states.amazonaws.com", {
    bySourceAccount: true,
    grants: [{ actions: ["lambda:InvokeFunction"], resources: [rollOut.arn] }, deliverLogs],
  });
  const machine = stateMachine("Rollout", {
    name: rolloutName(factory.name),
    roleArn: role.arn,
    definition: $resolve({ rollOut }).apply((resolved) =>
      JSON.stringify(rolloutDefinition(place.partition, resolved.rollOut)),
    ),
  });
  alarm("rollout-failed", {
    description: "A roll-out's execution failed; reconcile has it continued within the hour.",
    namespace: "AWS/States",
    metric: "ExecutionsFailed",
    statistic: "Sum",
    dimensions: { StateMachineArn: machine.arn },
  });
}

/** A roll-out waits two weeks for held groups, and as long again for windows and operators. */
const THIRTY_DAYS = 30 * 24 * 3600;

/**
 * Runs turns of a roll-out, from `{ image, channel, id, nth }`, until it has ended or halted. Each turn returns the wait before
 * the next; all other state is in the ledger, so another execution can continue where one ended. Amazon States Language with
 * JSONata.
 */
const rolloutDefinition = (partition: string, rollOut: TaskFunction) => ({
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
