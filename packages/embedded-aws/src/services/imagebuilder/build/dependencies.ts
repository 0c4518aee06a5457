import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Place } from "../arn.ts";
import type { BuildResources } from "../build-settings.ts";
import { latestAvailable } from "../images.ts";
import { findResource } from "../resources.ts";
import { BuildFailedError } from "./failure-context.ts";
import { resolveParent } from "./resolve-parent.ts";

/**
 * What an image is built from: its recipe, and what the recipe's version filters and parameter refer to now, which are
 * the parent's AMI and build versions of components. The parent of a container image is the newest build of one of
 * Image Builder's images, or any other reference unchanged.
 */
export function dependenciesOf(
  aws: EmbeddedAws,
  place: Place,
  { recipe, kind }: BuildResources,
  parentAmi?: string,
): readonly string[] {
  const { arn = "", parentImage = "", components = [] } = recipe;
  const parent = kind === "AMI" ? parentAmi : latestAvailable(aws, place, parentImage)?.image.arn;
  const versions = components.map(({ componentArn = "" }) => findResource(aws, place, "Component", componentArn)?.arn);
  return [arn, parent ?? parentImage, ...versions.map((version) => version ?? "")];
}

/** The same for a build that would start now; undefined if the parent cannot be resolved. */
export async function currentDependencies(
  aws: EmbeddedAws,
  place: Place,
  resources: BuildResources,
  executionRole: string | undefined,
): Promise<readonly string[] | undefined> {
  if (resources.kind === "DOCKER") return dependenciesOf(aws, place, resources);
  try {
    const { imageId } = await resolveParent(aws, place, resources.recipe.parentImage ?? "", executionRole);
    return dependenciesOf(aws, place, resources, imageId);
  } catch (error) {
    if (error instanceof BuildFailedError) return undefined;
    throw error;
  }
}
