import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { ImageRecord } from "../state.ts";
import { BuildCancelledError, BuildFailedError, WorkflowStepError } from "./failure-context.ts";
import { type StepExecution, type WorkflowDefinition, type WorkflowExecution, workflowArn } from "./workflows.ts";

/** The work of one step; undefined if the workflow's condition skips it. */
export interface StepWork {
  readonly inputs: unknown;
  /** Answers the step's outputs. */
  run(): Promise<unknown>;
}

/**
 * Runs a workflow's steps in order. A failed step with onFailure Abort ends it: launched instances are terminated, and
 * later steps stay PENDING, as AWS shows them.
 * @throws BuildFailedError, BuildCancelledError
 */
export async function runWorkflow(
  aws: EmbeddedAws,
  record: ImageRecord,
  definition: WorkflowDefinition,
  work: Readonly<Record<string, StepWork | "skip">>,
  options: { readonly rollback: boolean },
): Promise<void> {
  const now = (): string => new Date(aws.clock.now()).toISOString();
  const execution = newExecution(aws, record, definition, now());
  record.workflows.push(execution);
  for (const step of execution.steps) {
    const task = work[step.definition.name] ?? "skip";
    step.startTime = now();
    if (task === "skip") {
      step.status = "SKIPPED";
      step.endTime = now();
      continue;
    }
    step.status = "RUNNING";
    step.inputs = JSON.stringify(task.inputs);
    try {
      record.cancellation.signal.throwIfAborted();
      const outputs = await task.run();
      record.cancellation.signal.throwIfAborted();
      step.status = "COMPLETED";
      step.outputs = outputs === undefined ? undefined : JSON.stringify(outputs);
    } catch (error) {
      step.endTime = now();
      if (error instanceof BuildCancelledError) {
        step.status = "CANCELLED";
        end(execution, "CANCELLED", undefined, now());
        throw error;
      }
      const failure =
        error instanceof WorkflowStepError ? error : new WorkflowStepError(messageOf(error), { cause: error });
      step.status = "FAILED";
      step.message = failure.message;
      step.outputs = failure.outputs === undefined ? undefined : JSON.stringify(failure.outputs);
      if (step.definition.onFailure === "Abort") {
        if (options.rollback) rollBack(execution);
        end(execution, options.rollback ? "ROLLBACK_COMPLETED" : "FAILED", failure.message, now());
        throw failed(execution, step, failure);
      }
    }
    step.endTime = now();
  }
  end(execution, "COMPLETED", undefined, now());
}

function newExecution(
  aws: EmbeddedAws,
  record: ImageRecord,
  definition: WorkflowDefinition,
  startTime: string,
): WorkflowExecution {
  return {
    id: `wf-${aws.uuid()}`,
    workflowArn: workflowArn(record.region, definition),
    imageArn: record.image.arn ?? "",
    definition,
    steps: definition.steps.map((step) => ({
      id: `step-${aws.uuid()}`,
      definition: step,
      status: "PENDING",
      rollbackStatus: undefined,
      message: undefined,
      inputs: undefined,
      outputs: undefined,
      startTime: undefined,
      endTime: undefined,
    })),
    status: "RUNNING",
    message: undefined,
    startTime,
    endTime: undefined,
  };
}

function end(
  execution: WorkflowExecution,
  status: WorkflowExecution["status"],
  message: string | undefined,
  time: string,
): void {
  execution.status = status;
  execution.message = message;
  execution.endTime = time;
}

/** Of the default steps only a launch can be rolled back: its instance. */
function rollBack(execution: WorkflowExecution): void {
  for (const step of execution.steps) {
    if (step.status === "COMPLETED" && step.definition.action === "LaunchInstance") step.rollbackStatus = "COMPLETED";
  }
}

function failed(execution: WorkflowExecution, step: StepExecution, failure: WorkflowStepError): BuildFailedError {
  const { componentFailure, distributionFailure } = failure;
  return new BuildFailedError(
    `Workflow Execution ID: '${execution.id}' failed with reason: ${failure.reason ?? failure.message}`,
    {
      workflowExecutionId: execution.id,
      workflowArn: execution.workflowArn,
      stepExecutionId: step.id,
      failedStep: step.definition.name,
      ...(componentFailure && { componentFailure }),
      ...(distributionFailure && { distributionFailure }),
    },
    { cause: failure },
  );
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
