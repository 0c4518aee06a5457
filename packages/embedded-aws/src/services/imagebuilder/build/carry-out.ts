import type { DistributionConfiguration } from "@aws-sdk/client-imagebuilder";
import { afterWork } from "../../../engine/clock/clock.ts";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { BuildResources } from "../build-settings.ts";
import type { ImageRecord } from "../state.ts";
import { buildStage } from "./build-stage.ts";
import { containerStages } from "./container/container-stages.ts";
import { dependenciesOf } from "./dependencies.ts";
import { distributionStage } from "./distribution-stage.ts";
import { BuildCancelledError, BuildFailedError } from "./failure-context.ts";
import { moveImage } from "./image-state.ts";
import { rememberInPipeline } from "./pipeline-result.ts";
import { resolveParent } from "./resolve-parent.ts";
import { testStage } from "./test-stage.ts";

/** Delay between the answer, when the image is queued, and the start of the work, in milliseconds. */
const QUEUED = 1000;

/** Builds, tests and distributes an image in the background, over factory time. */
export function startBuild(aws: EmbeddedAws, record: ImageRecord, resources: BuildResources): void {
  inBackground(aws, record, async () => {
    moveImage(aws, record, "CREATING");
    await aws.clock.sleep(QUEUED, record.cancellation.signal);
    moveImage(aws, record, "BUILDING");
    if (resources.kind === "DOCKER") {
      record.builtFrom = dependenciesOf(aws, record, resources);
      return containerStages(aws, record, resources);
    }
    const { parentImage = "" } = resources.recipe;
    const parent = await resolveParent(aws, record, parentImage, record.image.executionRole);
    record.cancellation.signal.throwIfAborted();
    record.builtFrom = dependenciesOf(aws, record, resources, parent.imageId);
    const imageId = await buildStage(aws, record, resources, parent);
    if (record.image.imageTestsConfiguration?.imageTestsEnabled) {
      moveImage(aws, record, "TESTING");
      await testStage(aws, record, resources, imageId);
    }
    if (resources.distribution) await distributionStage(aws, record, resources.distribution, imageId);
  });
}

/** Distributes an existing AMI in the background. */
export function startDistribution(
  aws: EmbeddedAws,
  record: ImageRecord,
  configuration: DistributionConfiguration,
  imageId: string,
): void {
  inBackground(aws, record, () => distributionStage(aws, record, configuration, imageId));
}

function inBackground(aws: EmbeddedAws, record: ImageRecord, work: () => Promise<void>): void {
  afterWork(aws.clock, QUEUED, async () => {
    try {
      record.cancellation.signal.throwIfAborted();
      await work();
      moveImage(aws, record, "AVAILABLE");
    } catch (error) {
      if (error instanceof BuildCancelledError) moveImage(aws, record, "CANCELLED");
      else if (error instanceof BuildFailedError) {
        const imageStatus = record.image.state?.status ?? "";
        moveImage(aws, record, "FAILED", { reason: error.message, context: { imageStatus, ...error.context } });
      } else throw error;
    }
    rememberInPipeline(aws, record);
  });
}
