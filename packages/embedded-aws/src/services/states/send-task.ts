import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { statesOf, type WaitingTask } from "./state.ts";

export const operations = {
  /** Answers from the holder of a task token; AWS authorizes them without a resource. */
  SendTaskSuccess: {
    run({ taskToken, output }, call) {
      const task = waitingTask(call, taskToken);
      try {
        JSON.parse(output ?? "");
      } catch (cause) {
        throw new AwsError("InvalidOutput", `Invalid Output: '${(cause as Error).message}'`, { cause });
      }
      task.succeed(output!);
    },
  },
  SendTaskFailure: {
    run({ taskToken, error, cause }, call) {
      waitingTask(call, taskToken).fail(error, cause);
    },
  },
  SendTaskHeartbeat: {
    run({ taskToken }, call) {
      waitingTask(call, taskToken).heartbeat();
    },
  },
} satisfies Operations<typeof Sdk>;

function waitingTask(call: Call, token: string | undefined): WaitingTask {
  const { tokens } = statesOf(call);
  const task = tokens.get(token ?? "");
  if (task) return task;
  if (tokens.has(token ?? "")) {
    throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  }
  throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
}
