import { operatingSystems } from "../../core/component/operating-system.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import { channelParameter, pipelineName } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import { contentVersion, recipeComponents } from "../component/components.ts";
import { logicalName, tags } from "../resources/deployment.ts";
import { keyArn } from "../resources/keys.ts";

/**
 * What an AMI is made of. Its version follows from everything that it says, the components' versions included; a
 * replaced version is deleted like a component's.
 */
export function recipe(name: string, image: Image): aws.imagebuilder.ImageRecipe {
  const components = recipeComponents(image);
  const content = {
    name: pipelineName(factory.name, name),
    parentImage: `ssm:${parentParameter(image)}`,
    description: image.description ?? `${name} of the factory ${factory.name}`,
    workingDirectory: "/tmp",
    volume: { device: operatingSystems[image.os].rootDevice, sizeGiB: image.volumeGiB },
    amiTags: { ...tags, "amint:image": name },
  };
  const version = contentVersion({ ...content, components: components.content });
  const { volume, ...said } = content;
  return new aws.imagebuilder.ImageRecipe(`Recipe${logicalName(name)}`, {
    ...said,
    version,
    components: components.list,
    blockDeviceMappings: [
      {
        deviceName: volume.device,
        ebs: {
          volumeSize: volume.sizeGiB,
          volumeType: "gp3",
          encrypted: "true",
          kmsKeyId: keyArn(),
          deleteOnTermination: "true",
        },
      },
    ],
    systemsManagerAgent: { uninstallAfterBuild: false },
    tags,
  });
}

/**
 * A child follows its parent's channel, never the parent's newest build: that one has not passed the gate. Image
 * Builder's role reads parameters below `/imagebuilder/` and `/aws/service/`.
 */
function parentParameter({ parent }: Image): string {
  if ("ssm" in parent) return parent.ssm;
  if ("image" in parent) return channelParameter(factory.name, parent.image, parent.channel);
  throw new Error(`An AMI is not made from the container image ${parent.container}.`);
}
