import type {
  SendTaskFailureCommandInput,
  SendTaskHeartbeatCommandInput,
  SendTaskSuccessCommandInput,
} from "@aws-sdk/client-sfn";
import { AwsError } from "../../engine/aws-error.ts";
import { type Call, operation } from "../../engine/operation.ts";
import { statesOf } from "./find.ts";
import type { WaitingTask } from "./state.ts";

/** What the holder of a task token says; AWS authorizes it on no resource of its own. */
export const sendTaskSuccess = operation<SendTaskSuccessCommandInput, object>({
  run({ taskToken, output }, call) {
    const task = waitingTask(call, taskToken);
    try {
      JSON.parse(output ?? "");
    } catch (cause) {
      throw new AwsError("InvalidOutput", `Invalid Output: '${(cause as Error).message}'`, { cause });
    }
    task.succeed(output!);
    return {};
  },
});

export const sendTaskFailure = operation<SendTaskFailureCommandInput, object>({
  run({ taskToken, error, cause }, call) {
    waitingTask(call, taskToken).fail(error, cause);
    return {};
  },
});

export const sendTaskHeartbeat = operation<SendTaskHeartbeatCommandInput, object>({
  run({ taskToken }, call) {
    waitingTask(call, taskToken).heartbeat();
    return {};
  },
});

function waitingTask(call: Call, token: string | undefined): WaitingTask {
  const { tokens } = statesOf(call);
  const task = tokens.get(token ?? "");
  if (task) return task;
  if (tokens.has(token ?? "")) {
    throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }
  throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
}
