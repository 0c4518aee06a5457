import type { Json, JsonObject } from "./json.ts";
import type { Moment, Visit } from "./visit.ts";

/** Only states that can be retried have a retry count. */
const retries: readonly string[] = ["Task", "Parallel", "Map"];

/**
 * `$states.context`, in JSONPath `$$`: the execution's current position (Developer Guide, "Accessing execution data").
 */
export function contextObject(visit: Visit, { taskToken, mapItem }: Moment): JsonObject {
  const { machine, execution } = visit.thread.run;
  const item = mapItem ?? visit.thread.mapItem;
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
    State: {
      Name: visit.name,
      EnteredTime: visit.enteredTime,
      ...(retries.includes(visit.state.Type) && { RetryCount: visit.retryCount }),
    },
    ...(taskToken === undefined ? {} : { Task: { Token: taskToken } }),
    ...(item === undefined ? {} : { Map: { Item: { Index: item.Index, Value: item.Value } } }),
  };
}
