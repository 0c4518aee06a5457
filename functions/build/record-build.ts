import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import {
  type BuildRecord,
  findBuild,
  readBuild,
  recordOutcome,
  recordSettled,
  recordStart,
} from "../../adapters/build/builds.ts";
import { findClaim, findStarted, recordStarted, releaseImage } from "../../adapters/build/claims.ts";
import { type ImageDetails, readImage } from "../../adapters/build/image-builder.ts";
import { readImageState } from "../../adapters/build/image-state.ts";
import { putEvent } from "../../adapters/bus.ts";
import { startPromotion } from "../../adapters/promotion/executions.ts";
import { recordCopy } from "../../adapters/promotion/promotion.ts";
import { announceWork } from "../../adapters/repair/drift-checks.ts";
import { imageOf } from "../../core/build/build-arn.ts";
import { decideOutcome, type Outcome } from "../../core/build/decide-outcome.ts";
import { failuresInARow } from "../../core/build/decide-start.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { pipelineArn } from "../../core/names.ts";
import { imageStateChange } from "../../events/aws/image-state-change.ts";
import { buildAvailable, buildCancelled, buildFailed, buildStarted, type Trigger } from "../../events/build.ts";
import { type BuildArn, buildArn, isContainerImageId, parseBuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { measureBuild } from "../monitoring/metrics.ts";
import { detachInheritedMarks } from "../share/inherited-marks.ts";
import { findFailure, keepInstances, type Output, readOutputs } from "./read-outcome.ts";

/** Image Builder's event, or `reconcile`'s request about a build whose event was lost. */
const input = z.union([imageStateChange.schema, z.strictObject({ build: buildArn })]);

/** The event is only a hint: the recorded outcome is what Image Builder reports now. */
export async function recordBuild(event: z.output<typeof input>, invocation: Invocation<"PROMOTION_ARN">) {
  const build = "build" in event ? event.build : parseBuildArn(event.resources[0] ?? "");
  const image = imageOf(invocation.settings.factory, build);
  if (!image) return { decision: "not-ours" };
  const known = await findBuild(invocation.ledger, image, build);
  if (known?.settled) return { decision: "recorded-before" };
  const truth = await readImage(invocation.client(ImagebuilderClient), build);
  const { place, factory } = invocation.settings;
  if (!known && truth.sourcePipelineArn !== pipelineArn(place, factory.name, image)) return { decision: "not-ours" };
  const outputs = truth.status === "AVAILABLE" ? await readOutputs(image, truth, invocation) : {};
  const outcome = decideOutcome({ ...truth, artifact: outputs[place.region]?.artifact });
  if (outcome.kind === "under-way") return { decision: "under-way" };
  if (!known) await recordUnannouncedStart(image, build, invocation);
  if (outcome.kind === "available") {
    await detachInheritedMarks(build, outcome.artifact, invocation);
    await recordCopies(build, outputs, invocation);
  }
  const isNew = await recordOnce({ image, build }, truth, { ...outcome, ...outputs[place.region] }, invocation);
  const record = await readBuild(invocation.ledger, image, build);
  if (isNew) measureBuild(factory.name, record);
  await settle(record, invocation);
  return { decision: outcome.kind };
}

/**
 * A run of our pipeline that was started outside the factory, or whose start crashed before it was recorded: it is
 * treated like any other, and recorded as such.
 */
async function recordUnannouncedStart(image: string, build: BuildArn, { ledger, bus, now }: Invocation): Promise<void> {
  const triggers: Trigger[] = [{ kind: "manual", requestedBy: "outside the factory" }];
  await announceWork(ledger, "activity", now.toISOString());
  await putEvent(bus, buildStarted, { image, build, triggers });
  await recordStart(ledger, { image, build, triggers, startedAt: now.toISOString() });
}

/** Container images are in all regions when the build ends; no copies follow the gate. */
async function recordCopies(
  build: BuildArn,
  outputs: Readonly<Record<string, Output>>,
  { ledger, settings }: Invocation<"PROMOTION_ARN">,
): Promise<void> {
  for (const [region, { artifact }] of Object.entries(outputs)) {
    if (region === settings.place.region || !isContainerImageId(artifact)) continue;
    await recordCopy(ledger, build, { region, copy: build, amiId: artifact });
  }
}

/** @returns false where it was already recorded */
async function recordOnce(
  subject: { readonly image: string; readonly build: BuildArn },
  truth: ImageDetails,
  outcome: Exclude<Outcome, { kind: "under-way" }> & Partial<Output>,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<boolean> {
  const { ledger } = invocation;
  const endedAt = invocation.now.toISOString();
  switch (outcome.kind) {
    case "available": {
      const { artifact, bytes } = outcome;
      return await recordOutcome(ledger, subject, {
        status: "available",
        endedAt,
        amiId: artifact,
        ...(bytes && { bytes }),
      });
    }
    case "cancelled":
      await keepInstances(subject.build, truth, invocation);
      return await recordOutcome(ledger, subject, { status: "cancelled", endedAt });
    case "failed": {
      const steps = await keepInstances(subject.build, truth, invocation);
      const failure = await findFailure(subject, truth, outcome.reason, steps, invocation);
      return await recordOutcome(ledger, subject, { status: "failed", endedAt, failure });
    }
  }
}

/** Acts on an outcome. After a crash the build stays unsettled, and a retry repeats all of it. */
async function settle(record: BuildRecord, invocation: Invocation<"PROMOTION_ARN">): Promise<void> {
  const { ledger, bus, client, settings } = invocation;
  const { image, build, amiId, failure } = record;
  if (record.status === "available") {
    await startPromotion(client(SFNClient), settings.env.PROMOTION_ARN, { image, build });
  }
  await endClaim(record, invocation);
  if (record.status === "available" && amiId) await putEvent(bus, buildAvailable, { image, build, amiId });
  if (record.status === "failed" && failure) {
    await putEvent(bus, buildFailed, { image, build, failure, ...(await openBreaker(record, invocation)) });
  }
  if (record.status === "cancelled") await putEvent(bus, buildCancelled, { image, build });
  await recordSettled(ledger, { image, build });
}

/**
 * Releases the image. First completes what a crashed start left undone: records that its triggers became this build,
 * and publishes the start. A claim that has no build yet belongs to its invocation.
 */
async function endClaim({ image, build, parentBuild }: BuildRecord, { ledger, bus }: Invocation): Promise<void> {
  const claim = await findClaim(ledger, image);
  if (claim?.build !== build) return;
  const { triggers, tokens } = claim;
  const started = await Promise.all(tokens.map((token) => findStarted(ledger, image, token)));
  if (started.every((found) => !found)) {
    await putEvent(bus, buildStarted, { image, build, triggers, ...(parentBuild && { parentBuild }) });
  }
  for (const [n, token] of tokens.entries()) if (!started[n]) await recordStarted(ledger, image, token, build);
  await releaseImage(ledger, image, build);
}

/** Whether this failure opens the breaker. */
async function openBreaker({ image, config }: BuildRecord, { ledger, settings }: Invocation<"PROMOTION_ARN">) {
  const { failures: most } = requireImage(settings.factory, image).triggers.breaker;
  const { builds } = await readImageState(ledger, image, ["builds"]);
  const failures = config === undefined ? 0 : failuresInARow(builds, config);
  return failures >= most ? { breaker: { failures } } : {};
}

export const handler = lambda({ input, env: ["PROMOTION_ARN"], run: recordBuild });
