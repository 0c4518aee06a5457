import type { WorkflowExecutionStatus, WorkflowStepExecutionStatus, WorkflowType } from "@aws-sdk/client-imagebuilder";

interface WorkflowStepDefinition {
  readonly name: string;
  readonly action: string;
  readonly onFailure: "Abort" | "Continue";
  /** The action's default, from "Supported step actions for your workflow document". */
  readonly timeoutSeconds: number;
}

/** A default workflow of AWS. */
export interface WorkflowDefinition {
  readonly name: string;
  readonly type: WorkflowType;
  readonly version: string;
  readonly steps: readonly WorkflowStepDefinition[];
}

const MINUTE = 60;

type OnFailure = WorkflowStepDefinition["onFailure"];

const step = (
  name: string,
  action: string,
  minutes: number,
  onFailure: OnFailure = "Abort",
): WorkflowStepDefinition => ({
  name,
  action,
  onFailure,
  timeoutSeconds: minutes * MINUTE,
});

const workflow = (name: string, type: WorkflowType, version: string, steps: WorkflowStepDefinition[]) =>
  ({ name, type, version, steps }) satisfies WorkflowDefinition;

/** Steps as in the AWS CLI's example of list-workflow-step-executions (September 2026). */
export const BUILD_IMAGE = workflow("build-image", "BUILD", "1.0.3", [
  step("LaunchBuildInstance", "LaunchInstance", 75),
  step("ApplyBuildComponents", "ExecuteComponents", 720),
  step("InventoryCollection", "CollectImageMetadata", 30),
  step("RunSanitizeScript", "SanitizeInstance", 60),
  step("RunSysPrepScript", "RunSysPrep", 60),
  step("CreateOutputAMI", "CreateImage", 720),
  step("TerminateBuildInstance", "TerminateInstance", 30, "Continue"),
]);

export const TEST_IMAGE = workflow("test-image", "TEST", "1.0.3", [
  step("LaunchTestInstance", "LaunchInstance", 75),
  step("CollectImageScanFindings", "CollectImageScanFindings", 120, "Continue"),
  step("ApplyTestComponents", "ExecuteComponents", 720),
  step("TerminateTestInstance", "TerminateInstance", 30, "Continue"),
]);

/** AWS publishes the actions of a distribution, but not its default workflow's step names. */
export const DISTRIBUTE_IMAGE = workflow("distribute-image", "DISTRIBUTION", "1.0.0", [
  step("DistributeImage", "DistributeImage", 360),
  step("ModifyImageAttributes", "ModifyImageAttributes", 120),
  step("ApplyImageConfigurations", "ApplyImageConfigurations", 360),
]);

export const workflowArn = (region: string, { type, name, version }: WorkflowDefinition): string =>
  `arn:aws:imagebuilder:${region}:aws:workflow/${type.toLowerCase()}/${name}/${version}/1`;

/**
 * Workflow for container images, by the actions of "Supported step actions for your workflow document"; the step names
 * of the default workflows are not published.
 */
export const BUILD_CONTAINER = workflow("build-container", "BUILD", "1.0.0", [
  step("LaunchBuildInstance", "LaunchInstance", 75),
  step("BootstrapBuildInstance", "BootstrapInstanceForContainer", 60),
  step("ApplyBuildComponents", "ExecuteComponents", 720),
  step("CreateOutputContainer", "RunCommand", 720),
  step("TerminateBuildInstance", "TerminateInstance", 30, "Continue"),
]);

export const TEST_CONTAINER = workflow("test-container", "TEST", "1.0.0", [
  step("LaunchTestInstance", "LaunchInstance", 75),
  step("BootstrapTestInstance", "BootstrapInstanceForContainer", 60),
  step("CollectImageScanFindings", "CollectImageScanFindings", 120, "Continue"),
  step("ApplyTestComponents", "ExecuteComponents", 720),
  step("TerminateTestInstance", "TerminateInstance", 30, "Continue"),
]);

export const DISTRIBUTE_CONTAINER = workflow("distribute-container", "DISTRIBUTION", "1.0.0", [
  step("DistributeContainerImage", "DistributeContainerImage", 360),
]);

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
