import { BUILD_VOLUME_GIB } from "../core/factory/build-volume.ts";
import { dockerfileOf } from "../core/factory/container-schema.ts";
import type { Image } from "../core/factory/image-schema.ts";
import { channelRepository, pipelineName } from "../core/names.ts";
import factory from "../factory.config.ts";
import { contentVersion } from "./content-version.ts";
import { logicalName, place, tags } from "./deployment.ts";
import { readDockerfile } from "./dockerfile.ts";
import { keyArn } from "./keys.ts";
import { recipeComponents } from "./recipe-components.ts";
import { buildsTarget } from "./repositories.ts";

/**
 * What a container image is made of. Its version follows from everything that it says, as an AMI's does. The instance
 * that builds it, by Image Builder's choice one that is made for ECS, has its volume encrypted with our key.
 */
export function containerRecipe(name: string, image: Image): aws.imagebuilder.ContainerRecipe {
  const components = recipeComponents(image);
  const content = {
    name: pipelineName(factory.name, name),
    parentImage: parentReference(image),
    description: image.description ?? `${name} of the factory ${factory.name}`,
    workingDirectory: "/tmp",
    dockerfileTemplateData: readDockerfile($cli.paths.root, dockerfileOf(image)),
  };
  return new aws.imagebuilder.ContainerRecipe(`Recipe${logicalName(name)}`, {
    ...content,
    version: contentVersion({ ...content, components: components.content }),
    containerType: "DOCKER",
    // Image Builder asks for it where the parent is none of its own (API reference, CreateContainerRecipe).
    platformOverride: "Linux",
    components: components.list,
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
    tags,
  });
}

/** AWS's domain for services in China is another one (ECR user guide, "Private registry"). */
const suffix = place.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";

/**
 * A child follows its parent's channel, never the parent's newest build: that one has not passed the gate. Recipes of
 * container images take no parameter, so what a child names is the tag that moves with the channel, in a repository in which
 * nothing lies but what entered the channel.
 */
function parentReference({ parent }: Image): string {
  if ("container" in parent) return parent.container;
  if (!("image" in parent)) throw new Error(`A container image is not made from the AMI of ${parent.ssm}.`);
  const repository = channelRepository(factory.name, parent.image, parent.channel);
  return `${place.account}.dkr.ecr.${place.region}.${suffix}/${repository}:${parent.channel}`;
}
