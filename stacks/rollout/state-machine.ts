import { rolloutName } from "../../core/names.ts";
import { factory } from "../program/given.ts";
import { alarm } from "../resources/alarm.ts";
import { place } from "../resources/deployment.ts";
import { serviceRole } from "../resources/grant.ts";
import { deliverLogs, stateMachine } from "../resources/state-machine.ts";
import { rolloutDefinition } from "./definition.ts";
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
