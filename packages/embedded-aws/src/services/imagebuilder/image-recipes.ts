import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { ImageRecipe } from "@aws-sdk/client-imagebuilder";
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

/** A recipe by version, or the newest that fits a pattern such as `1.x.x`. */
export const findRecipe = (aws: EmbeddedAws, { account, region }: Place, arn: string): ImageRecipe | undefined =>
  newestFitting(aws.state(builderState, account, region).recipes.values(), arn);

export const operations = {
  GetImageRecipe: {
    authorize: ({ imageRecipeArn }, call) => on(call, imageRecipeArn),
    run({ imageRecipeArn: arn = "" }, call) {
      requireArn(arn, "image-recipe", "version-or-pattern", "imageRecipeArn");
      const recipe = findRecipe(call.aws, call, arn);
      if (!recipe) throw notFound(arn);
      return {
        requestId: call.requestId,
        imageRecipe: structuredClone(recipe),
        latestVersionReferences: latestVersionReferences(recipe.arn ?? "", recipe.version ?? ""),
      };
    },
  },
  ListImageRecipes: {
    run(input, call) {
      const own = [...call.aws.state(builderState, call.account, call.region).recipes.values()];
      const matching = filtered((input.owner ?? "Self") === "Self" ? own : [], input.filters, {
        name: (one) => one.name,
        parentImage: (one) => one.parentImage,
        platform: (one) => one.platform,
      });
      const { items, nextToken } = pageOf(matching, input);
      const imageRecipeSummaryList = items.map(({ arn, name, platform, owner, parentImage, dateCreated, tags }) => ({
        arn,
        name,
        platform,
        owner,
        parentImage,
        dateCreated,
        tags: { ...tags },
      }));
      return { requestId: call.requestId, imageRecipeSummaryList, nextToken };
    },
  },
  DeleteImageRecipe: {
    authorize: ({ imageRecipeArn }, call) => on(call, imageRecipeArn),
    run({ imageRecipeArn: arn = "" }, call) {
      requireArn(arn, "image-recipe", "version", "imageRecipeArn");
      const { recipes, pipelines } = call.aws.state(builderState, call.account, call.region);
      if (!recipes.has(arn)) throw notFound(arn);
      const used = [...pipelines.values()].some(
        ({ imageRecipeArn }) => findRecipe(call.aws, call, imageRecipeArn ?? "")?.arn === arn,
      );
      if (used) throw dependedOn(arn);
      recipes.delete(arn);
      return { requestId: call.requestId, imageRecipeArn: arn };
    },
  },
} satisfies Operations<typeof Sdk>;
