import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { createStateMachine } from "./create-state-machine.ts";
import { deleteStateMachine } from "./delete-state-machine.ts";
import { describeExecution, describeStateMachineForExecution } from "./describe-execution.ts";
import { describeStateMachine, listStateMachines } from "./describe-state-machine.ts";
import { getExecutionHistory } from "./get-execution-history.ts";
import { listExecutions } from "./list-executions.ts";
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from "./send-task.ts";
import { startExecution } from "./start-execution.ts";
import { stopExecution } from "./stop-execution.ts";
import { listTagsForResource, tagResource, untagResource } from "./tags.ts";
import { updateStateMachine } from "./update-state-machine.ts";
import { validateStateMachineDefinition } from "./validate-state-machine-definition.ts";

/** AWS Step Functions: Standard workflows whose states speak JSONata. */
export const service: Service = {
  name: "states",
  client: () => import("@aws-sdk/client-sfn"),
  operations: bindTokens(
    {
      CreateStateMachine: createStateMachine,
      DeleteStateMachine: deleteStateMachine,
      DescribeExecution: describeExecution,
      DescribeStateMachine: describeStateMachine,
      DescribeStateMachineForExecution: describeStateMachineForExecution,
      GetExecutionHistory: getExecutionHistory,
      ListExecutions: listExecutions,
      ListStateMachines: listStateMachines,
      ListTagsForResource: listTagsForResource,
      SendTaskFailure: sendTaskFailure,
      SendTaskHeartbeat: sendTaskHeartbeat,
      SendTaskSuccess: sendTaskSuccess,
      StartExecution: startExecution,
      StopExecution: stopExecution,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateStateMachine: updateStateMachine,
      ValidateStateMachineDefinition: validateStateMachineDefinition,
    },
    { asked: "nextToken", given: "nextToken", refusal: "InvalidToken" },
  ),
};
