import type { Json, JsonObject } from "./json.ts";
import type { MapItem } from "./thread.ts";
import type { Visit } from "./visit.ts";

/** `$states.context`: where the execution is (Step Functions Developer Guide, "Accessing execution data"). */
export function contextObject(visit: Visit<unknown>, extra: { taskToken?: string; mapItem?: MapItem }): JsonObject {
  const { machine, execution } = visit.thread.run;
  const item = extra.mapItem ?? visit.thread.mapItem;
  return {
    Execution: {
      Id: execution.arn,
      Input: JSON.parse(execution.input) as Json,
      Name: execution.name,
      RoleArn: machine.roleArn,
      StartTime: execution.startDate.toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
    State: { Name: visit.name, EnteredTime: visit.enteredTime, RetryCount: visit.retryCount },
    ...(extra.taskToken === undefined ? {} : { Task: { Token: extra.taskToken } }),
    ...(item === undefined ? {} : { Map: { Item: { Index: item.Index, Value: item.Value } } }),
  };
}
