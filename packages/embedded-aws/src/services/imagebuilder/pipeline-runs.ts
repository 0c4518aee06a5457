import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Place } from "./arn.ts";
import { startBuild } from "./build/carry-out.ts";
import { currentDependencies } from "./build/dependencies.ts";
import { newImage } from "./build/image-state.ts";
import { type BuildResources, describeResources, requireResources } from "./build-settings.ts";
import { parseSchedule } from "./schedule-expression.ts";
import { builderState, cancelNextRun, type ImageRecord } from "./state.ts";

/** Queues a build of a pipeline, even of a disabled one. */
export function runPipeline(
  aws: EmbeddedAws,
  place: Place,
  pipeline: Sdk.ImagePipeline,
  image: Pick<Sdk.Image, "buildType" | "tags">,
): ImageRecord {
  const resources = resourcesOf(aws, place, pipeline);
  const record = newImage(aws, place, {
    ...describeResources(resources),
    enhancedImageMetadataEnabled: pipeline.enhancedImageMetadataEnabled,
    sourcePipelineName: pipeline.name,
    sourcePipelineArn: pipeline.arn,
    imageTestsConfiguration: pipeline.imageTestsConfiguration,
    imageScanningConfiguration: pipeline.imageScanningConfiguration,
    scanState: pipeline.imageScanningConfiguration?.imageScanningEnabled ? { status: "PENDING" } : undefined,
    executionRole: pipeline.executionRole,
    loggingConfiguration: pipeline.loggingConfiguration && {
      logGroupName: pipeline.loggingConfiguration.imageLogGroupName,
    },
    ...image,
  });
  pipeline.dateLastRun = new Date(aws.clock.now()).toISOString();
  startBuild(aws, record, structuredClone(resources));
  return record;
}

const resourcesOf = (aws: EmbeddedAws, { account, region }: Place, pipeline: Sdk.ImagePipeline): BuildResources =>
  requireResources(pipeline as Parameters<typeof requireResources>[0], { aws, account, region });

/**
 * From now on a pipeline runs by its schedule, and by no earlier one, while it is enabled. A rate begins now (AWS does
 * not document when).
 */
export function followSchedule(aws: EmbeddedAws, place: Place, pipeline: Sdk.ImagePipeline): void {
  const state = aws.state(builderState, place.account, place.region);
  cancelNextRun(state, pipeline);
  const times = pipeline.status === "ENABLED" && pipeline.schedule ? parseSchedule(pipeline.schedule) : undefined;
  if (!times) return;
  const begun = aws.clock.now();
  const waitFrom = (after: number): void => {
    const due = times.next(after, begun);
    cancelNextRun(state, pipeline);
    if (due === undefined) return;
    pipeline.dateNextRun = new Date(due).toISOString();
    const run = (): Promise<void> => {
      waitFrom(due);
      return runOnSchedule(aws, place, pipeline);
    };
    state.nextRuns.set(pipeline.arn ?? "", aws.clock.after(due - aws.clock.now(), run, { recurring: true }));
  };
  waitFrom(begun);
}

/** A scheduled run, if its start condition is met. The image gets the pipeline's tags, which other runs' do not. */
async function runOnSchedule(aws: EmbeddedAws, place: Place, pipeline: Sdk.ImagePipeline): Promise<void> {
  const always = pipeline.schedule?.pipelineExecutionStartCondition === "EXPRESSION_MATCH_ONLY";
  if (always || (await hasUpdates(aws, place, pipeline))) {
    runPipeline(aws, place, pipeline, { buildType: "SCHEDULED", tags: { ...pipeline.imageTags } });
  }
}

/**
 * Whether a build would have other dependencies than the pipeline's last one. AWS does not document when there is an
 * update if no build has succeeded or is in progress: here always. A parent that cannot be resolved counts as one, so
 * that a build fails and says why.
 */
async function hasUpdates(aws: EmbeddedAws, place: Place, pipeline: Sdk.ImagePipeline): Promise<boolean> {
  const { images } = aws.state(builderState, place.account, place.region);
  const last = [...images.values()].findLast(
    ({ image }) =>
      image.sourcePipelineArn === pipeline.arn && !["FAILED", "CANCELLED"].includes(image.state?.status ?? ""),
  );
  if (!last?.builtFrom) return true;
  const current = await currentDependencies(aws, place, resourcesOf(aws, place, pipeline), pipeline.executionRole);
  return JSON.stringify(current) !== JSON.stringify(last.builtFrom);
}
