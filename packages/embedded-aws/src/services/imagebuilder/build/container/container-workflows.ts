import { step, type WorkflowDefinition } from "../default-workflows.ts";

/**
 * What Image Builder runs for container images, by the actions of "Supported step actions for your workflow document":
 * the names of its default workflows' own steps are not published.
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
