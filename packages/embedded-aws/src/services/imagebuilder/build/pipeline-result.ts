import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { publishServiceEvent } from "../../events/publish-service-event.ts";
import { builderState, cancelNextRun, type ImageRecord } from "../state.ts";

/**
 * A pipeline shows its last run's result. It counts scheduled runs that fail in a row, and disables itself by its
 * policy; any success ends the count, a failure of another run does not change it (API reference, ImagePipeline).
 */
export function rememberInPipeline(aws: EmbeddedAws, { image, account, region }: ImageRecord): void {
  const state = aws.state(builderState, account, region);
  const pipeline = state.pipelines.get(image.sourcePipelineArn ?? "");
  if (!pipeline) return;
  const { status } = image.state ?? {};
  pipeline.lastRunStatus = status;
  if (status === "AVAILABLE") pipeline.consecutiveFailures = 0;
  if (status !== "FAILED" || image.buildType !== "SCHEDULED") return;
  const failures = (pipeline.consecutiveFailures ?? 0) + 1;
  pipeline.consecutiveFailures = failures;
  const most = pipeline.schedule?.autoDisablePolicy?.failureCount;
  if (most === undefined || failures < most || pipeline.status === "DISABLED") return;
  pipeline.status = "DISABLED";
  cancelNextRun(state, pipeline);
  publishServiceEvent(aws, {
    account,
    region,
    source: "aws.imagebuilder",
    "detail-type": "EC2 Image Builder Image Pipeline Automatically Disabled",
    resources: [pipeline.arn ?? ""],
    detail: { "consecutive-failures": String(failures) },
  });
}
