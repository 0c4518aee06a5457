import { expect, test } from "vitest";
import { aBuilder, document, REGION } from "./builder.ts";

/** A pipeline of everything that a pipeline can name, and the next version of each. */
async function twoOfEach() {
  const world = await aBuilder();
  const distribution = async (name: string) => {
    const input = { name, distributions: [{ region: REGION, amiDistributionConfiguration: {} }] };
    const made = await world.builder("CreateDistributionConfiguration", input);
    return made.distributionConfigurationArn;
  };
  const componentArn = await world.component("part", document("build", "Step"));
  const used = async (name: string, semanticVersion: string) => ({
    imageRecipeArn: await world.recipe({ name: "recipe", semanticVersion, components: [{ componentArn }] }),
    infrastructureConfigurationArn: await world.infrastructure(name),
    distributionConfigurationArn: await distribution(name),
  });
  const [first, second] = [await used("first", "1.0.0"), await used("second", "1.0.1")];
  const { imagePipelineArn } = await world.builder<{ imagePipelineArn: string }>("CreateImagePipeline", {
    name: "pipeline",
    ...first,
  });
  /** The codes of refusals; `deleted` where there was none. */
  const remove = (operations: Readonly<Record<string, object>>): Promise<string[]> =>
    Promise.all(
      Object.entries(operations).map(([operation, input]) =>
        world.builder(operation, input).then(
          () => "deleted",
          ({ code }: { code: string }) => code,
        ),
      ),
    );
  return { ...world, first, second, imagePipelineArn, componentArn, remove };
}

const deletions = (of: Awaited<ReturnType<typeof twoOfEach>>["first"]) => ({
  DeleteImageRecipe: { imageRecipeArn: of.imageRecipeArn },
  DeleteInfrastructureConfiguration: { infrastructureConfigurationArn: of.infrastructureConfigurationArn },
  DeleteDistributionConfiguration: { distributionConfigurationArn: of.distributionConfigurationArn },
});

test("a pipeline's resources cannot be deleted until the pipeline uses others, or is deleted", async () => {
  const { builder, first, second, imagePipelineArn, remove } = await twoOfEach();

  const used = await remove(deletions(first));
  await builder("UpdateImagePipeline", { imagePipelineArn, ...second });
  const replaced = await remove(deletions(first));
  const inUse = await remove(deletions(second));
  await builder("DeleteImagePipeline", { imagePipelineArn });
  const left = await remove(deletions(second));

  expect(used).toEqual(Array(3).fill("ResourceDependencyException"));
  expect(replaced).toEqual(Array(3).fill("deleted"));
  expect(inUse).toEqual(Array(3).fill("ResourceDependencyException"));
  expect(left).toEqual(Array(3).fill("deleted"));
});

test("a component cannot be deleted while a recipe has it, also one that no pipeline names", async () => {
  const { first, second, componentArn, imagePipelineArn, builder, remove } = await twoOfEach();
  const component = { DeleteComponent: { componentBuildVersionArn: componentArn } };

  await builder("DeleteImagePipeline", { imagePipelineArn });
  await remove(deletions(first));
  const used = await remove(component);
  await remove(deletions(second));

  expect(used).toEqual(["ResourceDependencyException"]);
  expect(await remove(component)).toEqual(["deleted"]);
});
