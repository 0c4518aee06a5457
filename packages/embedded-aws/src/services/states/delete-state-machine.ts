import type { DeleteStateMachineCommandInput } from "@aws-sdk/client-sfn";
import { operation } from "../../engine/operation.ts";
import { checkArn } from "./arns.ts";
import { forgetIfDeleted } from "./execution/forget-machine.ts";
import { statesOf } from "./find.ts";

/** The machine stays, DELETING, until its executions have ended. Deleting a missing one is not an error. */
export const deleteStateMachine = operation<DeleteStateMachineCommandInput, object>({
  authorize: ({ stateMachineArn }) => [{ resources: [stateMachineArn ?? "*"] }],
  run({ stateMachineArn }, call) {
    const arn = checkArn(stateMachineArn, "stateMachine");
    const { machines } = statesOf(call);
    const machine = machines.get(arn);
    if (machine) machines.set(arn, { ...machine, deleting: true });
    forgetIfDeleted(call.aws, arn);
    return {};
  },
});
