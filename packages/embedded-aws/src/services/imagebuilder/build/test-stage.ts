import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { AmiResources } from "../build-settings.ts";
import { instancePlan, simulatedDurations } from "../simulation.ts";
import { TEST_IMAGE } from "./default-workflows.ts";
import { componentsOf, executeComponents } from "./execute-components.ts";
import type { ImageRecord } from "./image-record.ts";
import { runWorkflow } from "./run-workflow.ts";
import { launchInstance, terminateInstance } from "./running-instances.ts";
import { scanImage } from "./scan-image.ts";
import { simulatedInstance } from "./simulated-instance.ts";

/** Tests the output AMI on a simulated instance of it, with a scan where the image asks for one. */
export async function testStage(
  aws: EmbeddedAws,
  record: ImageRecord,
  { recipe, infrastructure }: AmiResources,
  imageId: string,
): Promise<void> {
  const components = componentsOf(aws, record, recipe, "test");
  const instance = simulatedInstance(aws, record, "test", imageId, infrastructure.instanceProfileName ?? "");
  const onInstance = { instanceId: instance.instanceId };
  const launch = () => {
    launchInstance(instance, infrastructure);
    return onInstance;
  };
  const pause = (part: "launch" | "terminate"): Promise<void> =>
    aws.clock.sleep(
      simulatedDurations(instancePlan(aws, record.account, record.region))[part],
      record.cancellation.signal,
    );
  await runWorkflow(
    aws,
    record,
    TEST_IMAGE,
    {
      LaunchTestInstance: { inputs: { waitFor: "ssmAgent" }, run: () => pause("launch").then(launch) },
      CollectImageScanFindings: record.image.imageScanningConfiguration?.imageScanningEnabled
        ? { inputs: onInstance, run: () => scanImage(aws, record, instance.context()) }
        : "skip",
      ApplyTestComponents:
        components.length === 0
          ? "skip"
          : { inputs: onInstance, run: () => executeComponents(aws, instance, components) },
      TerminateTestInstance: { inputs: onInstance, run: () => pause("terminate") },
    },
    // A test instance never outlives its test.
    { rollback: true },
  ).finally(() => terminateInstance(instance));
}
