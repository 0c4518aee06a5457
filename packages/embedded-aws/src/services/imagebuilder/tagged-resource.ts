import type { Call } from "../../engine/operation.ts";
import { builderState } from "./state.ts";

/** The tags of any resource of the caller's, to read or to change; undefined where there is no such resource. */
export function tagsOfResource(call: Call, arn: string): Record<string, string> | undefined {
  const state = call.aws.state(builderState, call.account, call.region);
  const resource =
    state.components.get(arn)?.component ??
    state.recipes.get(arn) ??
    state.containerRecipes.get(arn) ??
    state.infrastructures.get(arn) ??
    state.distributions.get(arn) ??
    state.pipelines.get(arn) ??
    state.images.get(arn)?.image;
  if (!resource) return undefined;
  resource.tags ??= {};
  return resource.tags;
}
