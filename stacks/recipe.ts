import type { Image } from "../core/factory/image-schema.ts";
import { channelParameter, pipelineName } from "../core/names.ts";
import factory from "../factory.config.ts";
import { component, MANIFEST_DOCUMENT } from "./components.ts";
import { contentVersion } from "./content-version.ts";
import { logicalName, tags } from "./deployment.ts";
import { evidence } from "./evidence.ts";
import { keyArn } from "./keys.ts";

/** The device that each system's AMIs boot from. */
const rootDevice: Readonly<Record<Image["os"], string>> = {
  al2023: "/dev/xvda",
  "ubuntu-2204": "/dev/sda1",
  "ubuntu-2404": "/dev/sda1",
};

/**
 * What an image is made of. Its version follows from everything that it says, the components' versions included; a
 * replaced version is deleted like a component's.
 */
export function recipe(name: string, image: Image): aws.imagebuilder.ImageRecipe {
  const order = [...image.components, MANIFEST_DOCUMENT, ...image.tests];
  const content = {
    name: pipelineName(factory.name, name),
    parentImage: `ssm:${parentParameter(image)}`,
    description: image.description ?? `${name} of the factory ${factory.name}`,
    workingDirectory: "/tmp",
    volume: { device: rootDevice[image.os], sizeGiB: image.volumeGiB },
    amiTags: { ...tags, "amint:image": name },
  };
  const version = contentVersion({ ...content, components: order.map((one) => component(one).reference) });
  const { volume, ...said } = content;
  return new aws.imagebuilder.ImageRecipe(`Recipe${logicalName(name)}`, {
    ...said,
    version,
    components: order.map((one) => ({
      componentArn: component(one).arn,
      ...(one === MANIFEST_DOCUMENT && { parameters: [{ name: "EvidenceBucket", value: evidence.bucket }] }),
    })),
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
const parentParameter = ({ parent }: Image): string =>
  "ssm" in parent ? parent.ssm : channelParameter(factory.name, parent.image, parent.channel);
