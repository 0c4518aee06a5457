import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { regionsOfBuilds } from "../../core/channel/regions.ts";
import type { Folders } from "../../core/component/image-components.ts";
import { BUILD_VOLUME_GIB } from "../../core/containers/build-volume.ts";
import { checkDockerfile } from "../../core/factory/check-container.ts";
import { dockerfileOf, type Image } from "../../core/factory/image-schema.ts";
import { buildsRepository, channelRepository, pipelineName } from "../../core/names.ts";
import { foldersOf } from "../bundle/folders.ts";
import { recipeComponents } from "../component/components.ts";
import { factory } from "../program/factory.ts";
import { logicalName, place, tags } from "../resources/deployment.ts";
import { keyArn } from "../resources/keys.ts";
import { keptVersions, versionOf } from "../resources/version.ts";
import { buildsTarget } from "./repositories.ts";

/**
 * A container image's recipe. The building instance, which Image Builder starts from an ECS-optimized AMI, has a volume that is
 * encrypted with the factory's key.
 */
export function containerRecipe(name: string, image: Image): aws.imagebuilder.ContainerRecipe {
  const logical = `Recipe${logicalName(name)}`;
  const content = {
    name: pipelineName(factory.name, name),
    parentImage: parentReference(image),
    description: image.description ?? `${name} of the factory ${factory.name}`,
    workingDirectory: "/tmp",
    dockerfileTemplateData: readDockerfile(foldersOf($cli.paths.root), dockerfileOf(image)),
    containerType: "DOCKER",
    // Required if the parent is not an Image Builder image (API reference, CreateContainerRecipe).
    platformOverride: "Linux",
    components: recipeComponents(image),
    targetRepository: { service: "ECR", repositoryName: buildsTarget(name) },
    instanceConfiguration: {
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeSize: BUILD_VOLUME_GIB,
            volumeType: "gp3",
            encrypted: "true",
            kmsKeyId: keyArn(),
            deleteOnTermination: "true",
          },
        },
      ],
    },
  };
  const version = versionOf(logical, content);
  return new aws.imagebuilder.ContainerRecipe(logical, { ...content, version, tags }, keptVersions);
}

/** China has another AWS domain (ECR user guide, "Private registry"). */
const suffix = place.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";

/**
 * A child follows its parent's channel, not the parent's newest build, which may not have passed the gate. Container recipes
 * cannot use a parameter, so the recipe names the tag that moves with the channel, in the channel's own repository.
 */
function parentReference({ parent }: Image): string {
  if ("container" in parent) return parent.container;
  if (!("image" in parent))
    throw new Error(`A container image cannot be built from an AMI: ${JSON.stringify(parent)}.`);
  const repository = channelRepository(factory.name, parent.image, parent.channel);
  return `${place.account}.dkr.ecr.${place.region}.${suffix}/${repository}:${parent.channel}`;
}

/**
 * The text of a Dockerfile template that `factory.config.ts` names.
 * @throws Error naming the file, if it is missing or not valid for Image Builder
 */
function readDockerfile({ project, program }: Folders, own: string | undefined): string {
  const path = own ?? "images/dockerfiles/plain";
  const file = join(own ? project : program, path);
  if (!existsSync(file))
    throw new Error(`factory.config.ts names the Dockerfile template ${path}, which does not exist.`);
  const text = readFileSync(file, "utf8");
  const faults = checkDockerfile(path, text);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return text;
}

/**
 * Image Builder pushes a container image to all its regions as part of the build, with the build's tag only. Only the factory
 * can read these repositories: channels follow after the gate. The build region comes first, because Image Builder uses the
 * first region's repository for it. Undefined if it is the only region.
 */
export function containerDistribution(
  name: string,
  image: Image,
): aws.imagebuilder.DistributionConfiguration | undefined {
  const [, ...others] = regionsOfBuilds(factory, image);
  if (others.length === 0) return undefined;
  return new aws.imagebuilder.DistributionConfiguration(`Distribution${logicalName(name)}`, {
    name: pipelineName(factory.name, name),
    distributions: [factory.buildRegion, ...others].map((region) => ({
      region,
      containerDistributionConfiguration: {
        targetRepository: { service: "ECR", repositoryName: buildsRepository(factory.name, name) },
      },
    })),
    tags,
  });
}
