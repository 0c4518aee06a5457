import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { ContainerRecipe } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import type { Place } from "./arn.ts";
import { on } from "./authorization.ts";
import { requireArn } from "./check-input.ts";
import { newestFitting } from "./newest-fitting.ts";
import { filtered, pageOf } from "./page.ts";
import { dependedOn, notFound } from "./refusals.ts";
import { builderState } from "./state.ts";
import { latestVersionReferences } from "./version-references.ts";

/** A container recipe by version, or the newest that fits a pattern such as `1.x.x`. */
export const findContainerRecipe = (
  aws: EmbeddedAws,
  { account, region }: Place,
  arn: string,
): ContainerRecipe | undefined =>
  newestFitting(aws.state(builderState, account, region).containerRecipes.values(), arn);

export const operations = {
  GetContainerRecipe: {
    authorize: ({ containerRecipeArn }, call) => on(call, containerRecipeArn),
    run({ containerRecipeArn: arn = "" }, call) {
      requireArn(arn, "container-recipe", "version-or-pattern", "containerRecipeArn");
      const recipe = findContainerRecipe(call.aws, call, arn);
      if (!recipe) throw notFound(arn);
      return {
        requestId: call.requestId,
        containerRecipe: structuredClone(recipe),
        latestVersionReferences: latestVersionReferences(recipe.arn ?? "", recipe.version ?? ""),
      };
    },
  },
  ListContainerRecipes: {
    run(input, call) {
      const own = [...call.aws.state(builderState, call.account, call.region).containerRecipes.values()];
      const matching = filtered((input.owner ?? "Self") === "Self" ? own : [], input.filters, {
        containerType: (one) => one.containerType,
        name: (one) => one.name,
        parentImage: (one) => one.parentImage,
        platform: (one) => one.platform,
      });
      const { items, nextToken } = pageOf(matching, input);
      const containerRecipeSummaryList = items.map((one) => ({
        arn: one.arn,
        containerType: one.containerType,
        name: one.name,
        platform: one.platform,
        owner: one.owner,
        parentImage: one.parentImage,
        dateCreated: one.dateCreated,
        instanceImage: one.instanceConfiguration?.image,
        tags: { ...one.tags },
      }));
      return { requestId: call.requestId, containerRecipeSummaryList, nextToken };
    },
  },
  DeleteContainerRecipe: {
    authorize: ({ containerRecipeArn }, call) => on(call, containerRecipeArn),
    run({ containerRecipeArn: arn = "" }, call) {
      requireArn(arn, "container-recipe", "version", "containerRecipeArn");
      const { containerRecipes, pipelines } = call.aws.state(builderState, call.account, call.region);
      if (!containerRecipes.has(arn)) throw notFound(arn);
      const used = [...pipelines.values()].some(
        ({ containerRecipeArn }) => findContainerRecipe(call.aws, call, containerRecipeArn ?? "")?.arn === arn,
      );
      if (used) throw dependedOn(arn);
      containerRecipes.delete(arn);
      return { requestId: call.requestId, containerRecipeArn: arn };
    },
  },
} satisfies Operations<typeof Sdk>;
