import type {
  ContainerRepositoryService,
  ContainerType,
  CreateContainerRecipeCommandInput,
  CreateContainerRecipeCommandOutput,
  Platform,
  TargetContainerRepository,
} from "@aws-sdk/client-imagebuilder";
import type { Creator } from "./creator.ts";
import { toBlockDevice, toComponent } from "./image-pipeline.ts";
import { byArn, clientToken } from "./imagebuilder.ts";
import type { Inputs } from "./inputs.ts";

export const createContainerRecipe: Creator = async (inputs, site) => {
  const components = inputs.list("components");
  const instance = inputs.object("instanceConfiguration");
  const target = inputs.object("targetRepository");
  const answer = await site.call<CreateContainerRecipeCommandOutput>("imagebuilder", "CreateContainerRecipe", {
    containerType: inputs.text<ContainerType>("containerType"),
    name: inputs.text("name"),
    semanticVersion: inputs.text("version"),
    description: inputs.maybeText("description"),
    parentImage: inputs.text("parentImage"),
    platformOverride: inputs.maybeText<Platform>("platformOverride"),
    ...(components.length > 0 && { components: components.map(toComponent) }),
    dockerfileTemplateData: inputs.maybeText("dockerfileTemplateData"),
    dockerfileTemplateUri: inputs.maybeText("dockerfileTemplateUri"),
    instanceConfiguration: instance && {
      image: instance.maybeText("image"),
      blockDeviceMappings: instance.list("blockDeviceMappings").map(toBlockDevice),
    },
    kmsKeyId: inputs.maybeText("kmsKeyId"),
    targetRepository: target && toTargetRepository(target),
    workingDirectory: inputs.maybeText("workingDirectory"),
    tags: inputs.textMap("tags"),
    clientToken: clientToken(site),
  } satisfies CreateContainerRecipeCommandInput);
  return byArn(answer.containerRecipeArn);
};

const toTargetRepository = (target: Inputs): TargetContainerRepository => ({
  service: target.text<ContainerRepositoryService>("service"),
  repositoryName: target.text("repositoryName"),
});
