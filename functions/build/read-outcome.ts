import { ECRClient } from "@aws-sdk/client-ecr";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { recordInstances } from "../../adapters/build/builds.ts";
import { readFailureContext } from "../../adapters/build/failure-context.ts";
import { type ImageDetails, readWorkflowSteps } from "../../adapters/build/image-builder.ts";
import { findPushed } from "../../adapters/containers/pull-records.ts";
import { describeFailure, type WorkflowStep } from "../../core/build/workflow-steps.ts";
import { imageByDigest, parseImageUri } from "../../core/containers/references.ts";
import { instanceRuns } from "../../core/cost/usage.ts";
import { buildsRepository } from "../../core/names.ts";
import type { BuildFailure } from "../../events/build.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { collectTests } from "../evidence/collect-tests.ts";
import type { Subject } from "../evidence/piece.ts";
import type { Invocation } from "../invocation.ts";

/** A build's output in a region. */
export interface Output {
  readonly artifact: ArtifactId;
  /** The compressed layers of a container image. */
  readonly bytes?: number;
}

/**
 * A build's output by region: AMIs, or container images. Image Builder names the latter by tags of the builds'
 * repository; the tag is resolved with ECR once, and the digest recorded. Regions where ECR does not have the image are
 * left out.
 */
export async function readOutputs(
  image: string,
  { amis, imageUris }: Pick<ImageDetails, "amis" | "imageUris">,
  { settings, client }: Invocation,
): Promise<Readonly<Record<string, Output>>> {
  const repository = buildsRepository(settings.factory.name, image);
  const outputs: Record<string, Output> = {};
  for (const [region, artifact] of Object.entries(amis)) outputs[region] = { artifact };
  for (const [region, uris] of Object.entries(imageUris)) {
    const uri = uris.map(parseImageUri).find((one) => one?.repository === repository);
    const pushed = uri && (await findPushed(client(ECRClient, region), uri));
    if (!uri || !pushed) continue;
    outputs[region] = { artifact: imageByDigest(uri, pushed.digest), ...(pushed.bytes && { bytes: pushed.bytes }) };
  }
  return outputs;
}

/** Why a build failed, and how far its tests came: failed builds are not promoted, so they have no evidence. */
export async function findFailure(
  { image, build }: Subject,
  truth: Pick<ImageDetails, "components">,
  reason: string,
  steps: readonly WorkflowStep[],
  invocation: Invocation,
): Promise<BuildFailure> {
  const imageBuilder = invocation.client(ImagebuilderClient);
  const known = await readFailureContext(imageBuilder, build);
  const failure = { ...describeFailure(steps, reason), ...known };
  if (!steps.some(({ workflow }) => workflow === "TEST")) return failure;
  const { found, sources } = collectTests(image, truth, steps, invocation, known);
  const [from] = sources;
  if (!from || found.components.length === 0) return failure;
  return { ...failure, tests: { source: from.source, at: from.at, components: found.components } };
}

/**
 * Records the instances of every build that has ended, successful or not, for its cost.
 * @returns the steps of its workflows
 */
export async function keepInstances(
  build: BuildArn,
  { instanceTypes }: Pick<ImageDetails, "instanceTypes">,
  { ledger, client }: Invocation,
): Promise<WorkflowStep[]> {
  const steps = await readWorkflowSteps(client(ImagebuilderClient), build);
  await recordInstances(ledger, build, { types: [...instanceTypes], runs: instanceRuns(steps) });
  return steps;
}
