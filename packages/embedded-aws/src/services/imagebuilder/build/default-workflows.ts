import type { WorkflowType } from "@aws-sdk/client-imagebuilder";

export interface WorkflowStepDefinition {
  readonly name: string;
  readonly action: string;
  readonly onFailure: "Abort" | "Continue";
  /** The action's default, from "Supported step actions for your workflow document". */
  readonly timeoutSeconds: number;
}

/** One of the workflows that AWS runs where a pipeline names none. */
export interface WorkflowDefinition {
  readonly name: string;
  readonly type: WorkflowType;
  readonly version: string;
  readonly steps: readonly WorkflowStepDefinition[];
}

const MINUTE = 60;

export const step = (name: string, action: string, minutes: number, onFailure: "Abort" | "Continue" = "Abort") => ({
  name,
  action,
  onFailure,
  timeoutSeconds: minutes * MINUTE,
});

/** Steps as AWS CLI's example of list-workflow-step-executions shows them (September 2026). */
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

/** AWS names the actions of a distribution; its default workflow's own step names are not published. */
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
