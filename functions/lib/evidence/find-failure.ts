import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { readFailureContext } from "../../../adapters/failure-context.ts";
import type { ImageDetails } from "../../../adapters/image-builder.ts";
import { describeFailure, type WorkflowStep } from "../../../core/workflow-steps.ts";
import type { BuildFailure } from "../../../events/build-failed.ts";
import type { Step } from "../step.ts";
import { collectTests } from "./collect-tests.ts";
import type { Subject } from "./piece.ts";

/** What stopped a build, and how far its tests came: a build that fails is promoted by nobody, so no evidence says it. */
export async function findFailure(
  { image, build }: Subject,
  truth: Pick<ImageDetails, "components">,
  reason: string,
  steps: readonly WorkflowStep[],
  step: Step,
): Promise<BuildFailure> {
  const imageBuilder = step.client(ImagebuilderClient);
  const known = await readFailureContext(imageBuilder, build);
  const failure = { ...describeFailure(steps, reason), ...known };
  if (!steps.some(({ workflow }) => workflow === "TEST")) return failure;
  const { found, sources } = collectTests(image, truth, steps, step, known);
  const [from] = sources;
  if (!from || found.components.length === 0) return failure;
  return { ...failure, tests: { source: from.source, at: from.at, components: found.components } };
}
