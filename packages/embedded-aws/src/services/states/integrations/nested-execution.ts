import { accountOf } from "../arns.ts";
import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { StateError } from "../asl/state-error.ts";
import { statesState } from "../state.ts";
import { callService } from "./aws-sdk.ts";
import { optimizedCall, withText } from "./optimized.ts";
import type { Integration, Job, TaskCall } from "./task-call.ts";

const sfn = {
  service: "states",
  operation: "StartExecution",
  prefix: "StepFunctions",
  general: "AWSStepFunctionsException",
};

/** `states:startExecution`: starts another machine's execution without waiting for it. */
export const startExecution: Integration["call"] = (task) =>
  optimizedCall(task, sfn, withText(task.parameters, "Input"));

/**
 * `.sync` and `.sync:2` wait for its end, and stop it if the task ends first. The second answers its input and output
 * as JSON, the first as strings (Developer Guide, "Start Step Functions workflow executions from a running state
 * machine").
 */
export const nestedExecution = (pattern: ".sync" | ".sync:2"): Job => ({
  async finished(task, submitted) {
    await ended(task, submitted);
    const described = (await request(task, "DescribeExecution", submitted)) as JsonObject;
    const { Input, Output } = described;
    const told = pattern === ".sync" ? described : { ...described, ...parsed({ Input, Output }) };
    if (described.Status === "SUCCEEDED") return told;
    throw new StateError("States.TaskFailed", JSON.stringify(described));
  },
  async stop(task, submitted) {
    await request(task, "StopExecution", submitted);
  },
});

const arnOf = (submitted: Json): string => String(isObject(submitted) ? submitted.ExecutionArn : "");

const request = (task: TaskCall, action: string, submitted: Json): Promise<Json> =>
  callService(task, sfn, action, { ExecutionArn: arnOf(submitted) });

async function ended({ aws, region }: TaskCall, submitted: Json): Promise<void> {
  const arn = arnOf(submitted);
  const signal = aws.state(statesState, accountOf(arn), region).executions.get(arn)?.interruption.signal;
  if (!signal || signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
}

const parsed = (texts: Record<string, Json | undefined>): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      typeof text === "string" ? [[name, JSON.parse(text) as Json]] : [],
    ),
  );
