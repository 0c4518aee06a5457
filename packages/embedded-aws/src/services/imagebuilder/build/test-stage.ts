import type { ImageScanFinding } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { publishServiceEvent } from "../../events/publish-service-event.ts";
import { scansInstances } from "../../inspector2/state.ts";
import type { AmiResources } from "../build-settings.ts";
import { severityCounts } from "../image-scan-findings.ts";
import { type InstanceContext, instancePlan, SIMULATED, simulatedDurations } from "../simulation.ts";
import type { ImageRecord } from "../state.ts";
import { componentsOf, executeComponents } from "./execute-components.ts";
import { WorkflowStepError } from "./failure-context.ts";
import { launchInstance, terminateInstance } from "./launch-instance.ts";
import { runWorkflow } from "./run-workflow.ts";
import { simulatedInstance } from "./simulated-instance.ts";
import { TEST_IMAGE } from "./workflows.ts";

/** Tests the output AMI on a simulated instance, with a scan if the image requests one. */
export async function testStage(
  aws: EmbeddedAws,
  record: ImageRecord,
  { recipe, infrastructure }: AmiResources,
  imageId: string,
): Promise<void> {
  const components = componentsOf(aws, record, recipe, "test");
  const instance = simulatedInstance(aws, record, "test", imageId, infrastructure.instanceProfileName ?? "");
  const onInstance = { instanceId: instance.instanceId };
  const launch = async () => {
    await launchInstance(instance, infrastructure);
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

interface Scanner {
  readonly enabled: boolean;
  /** What is not enabled, for the error. */
  readonly what: string;
  /** What is scanned: an instance, or a container image. */
  readonly resourceId: string;
}

/**
 * Findings stay with the image after the instance is gone. A completed scan is always published, even without findings.
 */
export async function scanImage(
  aws: EmbeddedAws,
  record: ImageRecord,
  context: InstanceContext,
  scanner: Scanner = {
    enabled: scansInstances(aws, record.account, record.region),
    what: "Amazon Inspector",
    resourceId: context.instanceId,
  },
): Promise<{ runCommandId: string; status: string; output: string }> {
  const { image, account, region } = record;
  if (!scanner.enabled) {
    const reason = `${scanner.what} is not enabled for account ${account} in ${region}.`;
    image.scanState = { status: "FAILED", reason };
    throw new WorkflowStepError(reason);
  }
  const plan = instancePlan(aws, account, region);
  image.scanState = { status: "SCANNING" };
  await aws.clock.sleep(simulatedDurations(plan).scan, record.cancellation.signal);
  image.scanState = { status: "COLLECTING" };
  const now = new Date(aws.clock.now());
  record.findings = (plan.findings?.({ ...context, time: now.getTime() }) ?? []).map(
    (finding): ImageScanFinding => ({
      type: "PACKAGE_VULNERABILITY",
      firstObservedAt: now,
      updatedAt: now,
      fixAvailable: "NO",
      ...finding,
      awsAccountId: account,
      imageBuildVersionArn: image.arn,
      imagePipelineArn: image.sourcePipelineArn,
    }),
  );
  image.scanState = { status: "COMPLETED" };
  const { all = 0, critical = 0, high = 0, medium = 0 } = severityCounts(record.findings);
  publishServiceEvent(aws, {
    account,
    region,
    source: "aws.imagebuilder",
    "detail-type": "EC2 Image Builder CVE Detected",
    resources: [image.arn ?? "", ...(image.sourcePipelineArn ? [image.sourcePipelineArn] : [])],
    detail: { "resource-id": scanner.resourceId, "finding-severity-counts": { all, critical, high, medium } },
  });
  return { runCommandId: aws.uuid(), status: "Success", output: SIMULATED };
}
