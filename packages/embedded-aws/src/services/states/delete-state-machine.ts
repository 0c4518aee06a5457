import type * as Sdk from "@aws-sdk/client-sfn";
import type { Operations } from "../../engine/operation.ts";
import { checkArn } from "./arns.ts";
import { forgetIfDeleted } from "./execution/forget-machine.ts";
import { statesOf } from "./find.ts";

export const operations = {
  /** The machine stays, DELETING, until its executions have ended. Deleting a missing one is not an error. */
  DeleteStateMachine: {
    authorize: ({ stateMachineArn }) => [{ resources: [stateMachineArn ?? "*"] }],
    run({ stateMachineArn }, call) {
      const arn = checkArn(stateMachineArn, "stateMachine");
      const { machines } = statesOf(call);
      const machine = machines.get(arn);
      if (machine) machines.set(arn, { ...machine, deleting: true });
      forgetIfDeleted(call.aws, arn);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
