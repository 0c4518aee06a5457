import * as z from "zod";
import { cleanContainers } from "./lib/clean-up/clean-containers.ts";
import { cleanImageResources } from "./lib/clean-up/clean-image-resources.ts";
import { cleanInstances } from "./lib/clean-up/clean-instances.ts";
import { cleanComponents, cleanRecipes } from "./lib/clean-up/clean-parts.ts";
import { cleanRegion } from "./lib/clean-up/clean-region.ts";
import { endCanaries } from "./lib/clean-up/end-canaries.ts";
import { readOrigins } from "./lib/clean-up/read-origins.ts";
import { tellRemoved } from "./lib/clean-up/tell-removed.ts";
import { lambda } from "./lib/lambda.ts";
import { inTurn } from "./lib/repair/in-turn.ts";
import type { Step } from "./lib/step.ts";

export const handler = lambda({
  input: z.object({ scheduledTime: z.iso.datetime() }),
  env: ["PROMOTION_ARN"],
  run: (_event, step) => cleanUp(step),
});

/** Marks and removes what builds and trials left behind, region by region; what fails in one keeps no other. */
export async function cleanUp(step: Step<"PROMOTION_ARN">): Promise<{ removed: number }> {
  const { factory } = step.settings;
  const origins = await readOrigins(step);
  const removed = await inTurn({
    ...each(factory.regions, "canaries in", (region) => endCanaries(region, step)),
    ...each(factory.regions, "AMIs in", (region) => cleanRegion(region, origins, step)),
    containers: () => cleanContainers(origins, step),
    "image resources": () => cleanImageResources(origins, step),
    // A component's recipes go before it.
    recipes: () => cleanRecipes(step),
    components: () => cleanComponents(step),
    instances: () => cleanInstances(step),
    notice: () => tellRemoved(step).then(() => 0),
  });
  return { removed };
}

const each = (regions: readonly string[], what: string, work: (region: string) => Promise<number>) =>
  Object.fromEntries(regions.map((region) => [`${what} ${region}`, () => work(region)]));
