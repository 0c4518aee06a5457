import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { arnOf } from "./arn.ts";
import { on } from "./authorization.ts";
import type { StepExecution, WorkflowExecution } from "./build/workflows.ts";
import { requireImage } from "./images.ts";
import { notFound } from "./refusals.ts";
import { builderState } from "./state.ts";

const executionsIn = (call: Call): WorkflowExecution[] =>
  [...call.aws.state(builderState, call.account, call.region).images.values()].flatMap(({ workflows }) => workflows);

function requireExecution(call: Call, id = ""): WorkflowExecution {
  const found = executionsIn(call).find((one) => one.id === id);
  if (!found) throw notFound(arnOf(call, "workflow-execution", id));
  return found;
}

export const operations = {
  ListWorkflowExecutions: {
    list: "workflowExecutions",
    authorize: ({ imageBuildVersionArn }, call) => on(call, imageBuildVersionArn),
    run(input, call) {
      const { image, workflows } = requireImage(call, input.imageBuildVersionArn);
      return {
        requestId: call.requestId,
        workflowExecutions: workflows.map((one) => ({ ...toMetadata(one), retried: false })),
        imageBuildVersionArn: image.arn,
      };
    },
  },
  GetWorkflowExecution: {
    authorize: ({ workflowExecutionId = "*" }, call) => [
      { resources: [arnOf(call, "workflow-execution", workflowExecutionId)] },
    ],
    run({ workflowExecutionId }, call) {
      const execution = requireExecution(call, workflowExecutionId);
      return { requestId: call.requestId, ...toMetadata(execution), imageBuildVersionArn: execution.imageArn };
    },
  },
  ListWorkflowStepExecutions: {
    list: "steps",
    authorize: ({ workflowExecutionId = "*" }, call) => [
      { resources: [arnOf(call, "workflow-execution", workflowExecutionId)] },
    ],
    run(input, call) {
      const execution = requireExecution(call, input.workflowExecutionId);
      return {
        requestId: call.requestId,
        steps: execution.steps.map(toStep),
        workflowBuildVersionArn: execution.workflowArn,
        workflowExecutionId: execution.id,
        imageBuildVersionArn: execution.imageArn,
        message: execution.message,
      };
    },
  },
  GetWorkflowStepExecution: {
    authorize: ({ stepExecutionId = "*" }, call) => [
      { resources: [arnOf(call, "workflow-step-execution", stepExecutionId)] },
    ],
    run({ stepExecutionId: id = "" }, call) {
      const execution = executionsIn(call).find(({ steps }) => steps.some((step) => step.id === id));
      const step = execution?.steps.find((one) => one.id === id);
      if (!execution || !step) throw notFound(arnOf(call, "workflow-step-execution", id));
      return {
        requestId: call.requestId,
        ...toStep(step),
        workflowBuildVersionArn: execution.workflowArn,
        workflowExecutionId: execution.id,
        imageBuildVersionArn: execution.imageArn,
        onFailure: step.definition.onFailure,
        timeoutSeconds: step.definition.timeoutSeconds,
      };
    },
  },
} satisfies Operations<typeof Sdk>;

function toMetadata(execution: WorkflowExecution): Sdk.WorkflowExecutionMetadata {
  const count = (status: string): number => execution.steps.filter((step) => step.status === status).length;
  return {
    workflowBuildVersionArn: execution.workflowArn,
    workflowExecutionId: execution.id,
    type: execution.definition.type,
    status: execution.status,
    message: execution.message,
    totalStepCount: execution.steps.length,
    totalStepsSucceeded: count("COMPLETED"),
    totalStepsFailed: count("FAILED"),
    totalStepsSkipped: count("SKIPPED"),
    startTime: execution.startTime,
    endTime: execution.endTime,
  };
}

const toStep = (step: StepExecution): Sdk.WorkflowStepMetadata => ({
  stepExecutionId: step.id,
  name: step.definition.name,
  action: step.definition.action,
  status: step.status,
  rollbackStatus: step.rollbackStatus,
  message: step.message,
  inputs: step.inputs,
  outputs: step.outputs,
  startTime: step.startTime,
  endTime: step.endTime,
});
