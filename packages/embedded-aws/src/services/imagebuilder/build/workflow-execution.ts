import type { WorkflowExecutionStatus, WorkflowStepExecutionStatus } from "@aws-sdk/client-imagebuilder";
import type { WorkflowDefinition, WorkflowStepDefinition } from "./default-workflows.ts";

/** One run of a workflow for an image. */
export interface WorkflowExecution {
  /** `wf-` and a UUID. */
  readonly id: string;
  readonly workflowArn: string;
  readonly imageArn: string;
  readonly definition: WorkflowDefinition;
  readonly steps: readonly StepExecution[];
  status: WorkflowExecutionStatus;
  message: string | undefined;
  startTime: string;
  endTime: string | undefined;
}

export interface StepExecution {
  /** `step-` and a UUID. */
  readonly id: string;
  readonly definition: WorkflowStepDefinition;
  status: WorkflowStepExecutionStatus;
  rollbackStatus: "COMPLETED" | "SKIPPED" | undefined;
  message: string | undefined;
  /** JSON. */
  inputs: string | undefined;
  /** JSON. */
  outputs: string | undefined;
  startTime: string | undefined;
  endTime: string | undefined;
}
