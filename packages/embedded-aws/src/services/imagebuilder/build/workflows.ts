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

const step = (name: string, action: string, minutes: number, onFailure: "Abort" | "Continue" = "Abort") => ({
  name,
  action,
  onFailure,
  timeoutSeconds: minutes * MINUTE,
});

/** Steps as in the AWS CLI's example of list-workflow-step-executions (September 2026). */
export const BUILD_IMAGE: WorkflowDefinition = {
  name: "build-image",
  type: "BUILD",
  version: "1.0.3",
  steps: [
    step("LaunchBuildInstance", "LaunchInstance", 75),
    step("ApplyBuildComponents", "ExecuteComponents", 720),
    step("InventoryCollection", "CollectImageMetadata", 30),
    step("RunSanitizeScript", "SanitizeInstance", 60),
    step("RunSysPrepScript", "RunSysPrep", 60),
    step("CreateOutputAMI", "CreateImage", 720),
    step("TerminateBuildInstance", "TerminateInstance", 30, "Continue"),
  ],
};

export const TEST_IMAGE: WorkflowDefinition = {
  name: "test-image",
  type: "TEST",
  version: "1.0.3",
  steps: [
    step("LaunchTestInstance", "LaunchInstance", 75),
    step("CollectImageScanFindings", "CollectImageScanFindings", 120, "Continue"),
    step("ApplyTestComponents", "ExecuteComponents", 720),
    step("TerminateTestInstance", "TerminateInstance", 30, "Continue"),
  ],
};

/** AWS publishes the actions of a distribution, but not its default workflow's step names. */
export const DISTRIBUTE_IMAGE: WorkflowDefinition = {
  name: "distribute-image",
  type: "DISTRIBUTION",
  version: "1.0.0",
  steps: [
    step("DistributeImage", "DistributeImage", 360),
    step("ModifyImageAttributes", "ModifyImageAttributes", 120),
    step("ApplyImageConfigurations", "ApplyImageConfigurations", 360),
  ],
};

export const workflowArn = (region: string, { type, name, version }: WorkflowDefinition): string =>
  `arn:aws:imagebuilder:${region}:aws:workflow/${type.toLowerCase()}/${name}/${version}/1`;

/**
 * Workflow for container images, by the actions of "Supported step actions for your workflow document"; the step names
 * of the default workflows are not published.
 */
export const BUILD_CONTAINER: WorkflowDefinition = {
  name: "build-container",
  type: "BUILD",
  version: "1.0.0",
  steps: [
    step("LaunchBuildInstance", "LaunchInstance", 75),
    step("BootstrapBuildInstance", "BootstrapInstanceForContainer", 60),
    step("ApplyBuildComponents", "ExecuteComponents", 720),
    step("CreateOutputContainer", "RunCommand", 720),
    step("TerminateBuildInstance", "TerminateInstance", 30, "Continue"),
  ],
};

export const TEST_CONTAINER: WorkflowDefinition = {
  name: "test-container",
  type: "TEST",
  version: "1.0.0",
  steps: [
    step("LaunchTestInstance", "LaunchInstance", 75),
    step("BootstrapTestInstance", "BootstrapInstanceForContainer", 60),
    step("CollectImageScanFindings", "CollectImageScanFindings", 120, "Continue"),
    step("ApplyTestComponents", "ExecuteComponents", 720),
    step("TerminateTestInstance", "TerminateInstance", 30, "Continue"),
  ],
};

export const DISTRIBUTE_CONTAINER: WorkflowDefinition = {
  name: "distribute-container",
  type: "DISTRIBUTION",
  version: "1.0.0",
  steps: [step("DistributeContainerImage", "DistributeContainerImage", 360)],
};

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
