import type { GetContainerRecipeCommandOutput, ListContainerRecipesCommandOutput } from "@aws-sdk/client-imagebuilder";
import { findService } from "../../../engine/find-service.ts";
import type { Call } from "../../../engine/operation.ts";

interface Named {
  readonly imageId: string;
  readonly arn: string;
}

/**
 * The AMI that each of the account's container recipes has its build instances start from. Image Builder's own
 * operations are asked, as EC2 asks them; an Image Builder without container recipes has none.
 */
export async function containerRecipes(call: Call): Promise<Named[]> {
  const named: Named[] = [];
  let nextToken: string | undefined;
  do {
    const page = await carryOut<ListContainerRecipesCommandOutput>(call, "ListContainerRecipes", {
      owner: "Self",
      ...(nextToken !== undefined && { nextToken }),
    });
    for (const { arn = "" } of page?.containerRecipeSummaryList ?? []) {
      const asked = { containerRecipeArn: arn };
      const recipe = await carryOut<GetContainerRecipeCommandOutput>(call, "GetContainerRecipe", asked);
      const imageId = recipe?.containerRecipe?.instanceConfiguration?.image;
      if (imageId !== undefined) named.push({ imageId, arn });
    }
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return named;
}

/** EC2 was authorized for it beforehand. Undefined where Image Builder has no such operation. */
async function carryOut<Output>(call: Call, name: string, input: object): Promise<Output | undefined> {
  // Its first use loads a module, which virtual time must wait for.
  const service = await call.aws.clock.hold(findService(call.aws, "imagebuilder"));
  return (await service?.operations[name]?.run(input as never, call)) as Output | undefined;
}
