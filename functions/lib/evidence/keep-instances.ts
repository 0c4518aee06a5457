import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { type ImageDetails, readWorkflowSteps } from "../../../adapters/image-builder.ts";
import { recordInstances } from "../../../adapters/ledger/build-instances.ts";
import { instanceRuns } from "../../../core/cost/instance-runs.ts";
import type { WorkflowStep } from "../../../core/workflow-steps.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";

/**
 * Keeps what a build ran on, of every build that has ended: its instances cost, whatever became of it.
 * @returns the steps of its workflows
 */
export async function keepInstances(
  build: BuildArn,
  { instanceTypes }: Pick<ImageDetails, "instanceTypes">,
  { ledger, client }: Step,
): Promise<WorkflowStep[]> {
  const steps = await readWorkflowSteps(client(ImagebuilderClient), build);
  await recordInstances(ledger, build, { types: [...instanceTypes], runs: instanceRuns(steps) });
  return steps;
}
