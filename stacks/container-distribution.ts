import type { Image } from "../core/factory/image-schema.ts";
import { buildsRepository, pipelineName } from "../core/names.ts";
import { regionsOfBuilds } from "../core/share/regions.ts";
import factory from "../factory.config.ts";
import { logicalName, tags } from "./deployment.ts";

/**
 * Has Image Builder push a container image to its other regions as part of the build, under the tag of the build and no
 * other. All of them are the factory's alone: what people get comes after the gate. Undefined where there are none.
 */
export function containerDistribution(
  name: string,
  image: Image,
): aws.imagebuilder.DistributionConfiguration | undefined {
  const others = regionsOfBuilds(factory, image).filter((region) => region !== factory.buildRegion);
  if (others.length === 0) return undefined;
  return new aws.imagebuilder.DistributionConfiguration(`Distribution${logicalName(name)}`, {
    name: pipelineName(factory.name, name),
    distributions: others.map((region) => ({
      region,
      containerDistributionConfiguration: {
        targetRepository: { service: "ECR", repositoryName: buildsRepository(factory.name, name) },
      },
    })),
    tags,
  });
}
